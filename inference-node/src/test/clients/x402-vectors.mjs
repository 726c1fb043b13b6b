// Makes the x402 vectors of settlement/src/test/resources/x402: what the official packages sign and encode, with time and randomness held still.
// usage: node x402-vectors.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePaymentRequiredHeader, encodePaymentSignatureHeader } from '@x402/core/http';
import { ExactEvmScheme, PERMIT2_ADDRESS, UptoEvmScheme, uptoPermit2WitnessTypes, x402UptoPermit2ProxyABI, x402UptoPermit2ProxyAddress } from '@x402/evm';
import { encodeFunctionData, hashDomain, hashStruct, hashTypedData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

const NOW = 1_764_000_000;
const RANDOM = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 0xff);
const SETTLED = '123456';
// The first account of every development chain, and the key's holder owns nothing elsewhere.
const signer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');

Date.now = () => NOW * 1000;
globalThis.crypto.getRandomValues = (array) => {
  array.set(RANDOM.subarray(0, array.length));
  return array;
};

const resource = { url: 'https://node.example/v1/chat/completions', description: 'Antwort für "ü" & <x>', mimeType: 'text/event-stream' };

function offer(scheme, amount, extra) {
  return {
    scheme,
    network: 'eip155:84532',
    asset: '0x8ba1f109551bD432803012645Ac136ddd64DBA72',
    payTo: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    maxTimeoutSeconds: 1200,
    amount,
    extra: { name: 'OpenGradient', version: '1', ...extra },
  };
}

async function vector(scheme, accepted) {
  const paymentRequired = { x402Version: 2, error: 'Payment required', resource, accepts: [accepted] };
  const made = await scheme.createPaymentPayload(2, accepted);
  const paymentPayload = { x402Version: 2, payload: made.payload, resource, accepted };
  return {
    fixedNow: NOW,
    fixedRandom32: '0x' + Buffer.from(RANDOM).toString('hex'),
    paymentRequired,
    paymentRequiredHeaderBase64: encodePaymentRequiredHeader(paymentRequired),
    paymentPayload,
    headers: { 'PAYMENT-SIGNATURE': encodePaymentSignatureHeader(paymentPayload) },
  };
}

async function upto() {
  const made = await vector(new UptoEvmScheme(signer),
    offer('upto', '7500000000000000000', { assetTransferMethod: 'permit2', facilitatorAddress: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }));
  const { permit2Authorization: authorization, signature } = made.paymentPayload.payload;
  const message = { permitted: authorization.permitted, spender: authorization.spender, nonce: authorization.nonce,
    deadline: authorization.deadline, witness: authorization.witness };
  const domain = { name: 'Permit2', chainId: 84532, verifyingContract: PERMIT2_ADDRESS };
  const typed = { domain, types: uptoPermit2WitnessTypes, primaryType: 'PermitWitnessTransferFrom', message };
  made.eip712 = {
    domainSeparator: hashDomain({ domain, types: { EIP712Domain: [
      { name: 'name', type: 'string' }, { name: 'chainId', type: 'uint256' }, { name: 'verifyingContract', type: 'address' }] } }),
    structHash: hashStruct({ data: message, primaryType: typed.primaryType, types: typed.types }),
    digest: hashTypedData(typed),
    signature,
  };
  const permit = { permitted: { token: authorization.permitted.token, amount: BigInt(authorization.permitted.amount) },
    nonce: BigInt(authorization.nonce), deadline: BigInt(authorization.deadline) };
  const witness = { ...authorization.witness, validAfter: BigInt(authorization.witness.validAfter) };
  made.settle = {
    to: x402UptoPermit2ProxyAddress,
    calldata: encodeFunctionData({ abi: x402UptoPermit2ProxyABI, functionName: 'settle',
      args: [permit, BigInt(SETTLED), authorization.from, witness, signature] }),
  };
  return made;
}

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const vectors = {
  upto: await upto(),
  'exact-permit2': await vector(new ExactEvmScheme(signer), offer('exact', '10000', { assetTransferMethod: 'permit2' })),
  'exact-eip3009': await vector(new ExactEvmScheme(signer), offer('exact', '20000', {})),
};
for (const [name, made] of Object.entries(vectors)) {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(made, null, 1) + '\n');
}
