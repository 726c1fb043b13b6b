package dev.candor.settlement.facilitator;

import dev.candor.settlement.chain.PayerFunds;

/**
 * What is known of a payer.
 *
 * @param nonceUsed whether the chain has seen the payment's nonce; false where it could not be asked
 */
record PayerStatus(PayerFunds funds, boolean nonceUsed) {}
