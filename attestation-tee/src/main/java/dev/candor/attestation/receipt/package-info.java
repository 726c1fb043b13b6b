/** The signed statement about one inference: its fields, its encoding, and the checks that hold it against request, answer and payment. */
package dev.candor.attestation.receipt;
