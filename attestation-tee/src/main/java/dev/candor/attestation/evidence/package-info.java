/** Key statements and the Evidence that binds them to a machine, as far as the kind can. */
package dev.candor.attestation.evidence;
