/** Appraisal of Evidence under a policy, in the words of RFC 9334. */
package dev.candor.attestation.appraisal;
