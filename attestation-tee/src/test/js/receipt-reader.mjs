// A second reader of Candor receipts, written from docs/receipt.md with Node's standard modules alone. It shares no code with the Java one.
import { checkAnswer } from './reader/answer.mjs';
import { checkAttestation, checkBinding } from './reader/attestation.mjs';
import { base64url } from './reader/bytes.mjs';
import { checkInclusion, openCheckpoint, receiptEntry, statementEntry } from './reader/log.mjs';
import { jcs, parseJson } from './reader/json.mjs';
import { checkSignature, parseReceipt } from './reader/receipt.mjs';
import { checkRequest } from './reader/request.mjs';
import { address } from './reader/secp256k1.mjs';

export { address, base64url, checkAttestation, checkInclusion, checkRequest, checkSignature, jcs, openCheckpoint, parseJson, parseReceipt, receiptEntry, statementEntry };

/** All of it, for one exchange of the vectors' form. */
export function verifyExchange({ attestation, checkpoint, exchange }) {
  const attested = checkAttestation(attestation);
  const answer = checkAnswer(base64url(exchange.response.body), exchange.response.format, base64url(exchange.cose), base64url(exchange.request.body));
  const { receipt } = answer;
  checkSignature(receipt, Buffer.from(attested.statement.receipt_key, 'hex'));
  checkBinding(receipt, attested);
  const effective = checkRequest(receipt, exchange.request.path, base64url(exchange.request.body), exchange.request.nonce);
  checkInclusion(receiptEntry(receipt.cose), exchange.log, openCheckpoint(checkpoint, attested.log));
  return { receipt, effective, choices: answer.choices, tokens: answer.tokens, attested };
}
