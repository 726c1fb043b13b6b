"""Vectors for Merkle proofs (RFC 6962) and COSE_Sign1 (RFC 9052), by other means than ours: definitions written out, and OpenSSL's signatures.

usage: python standards.py FOLDER   writes inclusion.json, consistency.json and cose.json
"""

import base64
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


# --- RFC 6962, section 2.1, word by word ---

def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(entries):
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return leaf_hash(entries[0])
    k = split(len(entries))
    return node_hash(mth(entries[:k]), mth(entries[k:]))


def path(m, entries):
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return path(m, entries[:k]) + [mth(entries[k:])]
    return path(m - k, entries[k:]) + [mth(entries[:k])]


def proof(m, entries):
    return subproof(m, entries, True)


def subproof(m, entries, known):
    n = len(entries)
    if m == n:
        return [] if known else [mth(entries)]
    k = split(n)
    if m <= k:
        return subproof(m, entries[:k], known) + [mth(entries[k:])]
    return subproof(m - k, entries[k:], False) + [mth(entries[:k])]


def root_of_path(m, n, leaf, hashes_):
    """The root that an inclusion proof leads to; None if the proof has another length than such a tree's."""
    if n == 1:
        return leaf if not hashes_ else None
    if not hashes_:
        return None
    k = split(n)
    if m < k:
        left = root_of_path(m, k, leaf, hashes_[:-1])
        return left and node_hash(left, hashes_[-1])
    right = root_of_path(m - k, n - k, leaf, hashes_[:-1])
    return right and node_hash(hashes_[-1], right)


def roots_of_proof(m, n, known, first, hashes_):
    """Old and new root that a consistency proof leads to; None if it has another length than it must."""
    if m == n:
        if known:
            return (first, first) if not hashes_ else None
        return (hashes_[0], hashes_[0]) if len(hashes_) == 1 else None
    if not hashes_:
        return None
    k = split(n)
    last = hashes_[-1]
    if m <= k:
        inner = roots_of_proof(m, k, known, first, hashes_[:-1])
        return inner and (inner[0], node_hash(inner[1], last))
    inner = roots_of_proof(m - k, n - k, False, first, hashes_[:-1])
    return inner and (node_hash(last, inner[0]), node_hash(last, inner[1]))


def includes(v):
    good = 0 <= v["leafIdx"] < v["treeSize"]
    return good and root_of_path(v["leafIdx"], v["treeSize"], v["leafHash"], v["proof"]) == v["root"]


def extends(v):
    good = 0 < v["size1"] <= v["size2"]
    return good and roots_of_proof(v["size1"], v["size2"], True, v["root1"], v["proof"]) == (v["root1"], v["root2"])


def flipped(digest):
    return bytes([digest[0] ^ 1]) + digest[1:]


def changes_of_list(hashes_):
    other = hashlib.sha256(b"other").digest()
    yield "one hash more at the end", hashes_ + [other]
    yield "one hash more at the beginning", [other] + hashes_
    if hashes_:
        yield "without the last hash", hashes_[:-1]
        yield "without the first hash", hashes_[1:]
        yield "a bit of the first hash changed", [flipped(hashes_[0])] + hashes_[1:]
        yield "a bit of the last hash changed", hashes_[:-1] + [flipped(hashes_[-1])]
    if len(hashes_) > 1:
        yield "in the other order", hashes_[::-1]


def variants(good, holds, members):
    """The vector, and what is made of it by one change; a change that does no harm is left out."""
    assert holds(good)
    yield {**good, "desc": "good", "wantErr": False}
    for name, values in members.items():
        for value in values:
            bad = {**good, name: value}
            if not holds(bad):
                yield {**bad, "desc": "another " + name, "wantErr": True}
    for what, hashes_ in changes_of_list(good["proof"]):
        bad = {**good, "proof": hashes_}
        assert not holds(bad)
        yield {**bad, "desc": what, "wantErr": True}


def inclusion(entries):
    for n, indices in ((1, [0]), (2, [1]), (3, [2]), (5, [0, 4]), (7, [3, 6]), (8, [0, 5]), (13, [7, 12])):
        for m in indices:
            good = {"leafIdx": m, "treeSize": n, "root": mth(entries[:n]), "leafHash": leaf_hash(entries[m]), "proof": path(m, entries[:n])}
            yield from variants(good, includes, {
                "leafIdx": [m + 1, n, 0 if m else 1],
                "treeSize": [0, m, n + 1, 2 * n],
                "root": [flipped(good["root"]), good["leafHash"] if n > 1 else mth([])],
                "leafHash": [flipped(good["leafHash"])]})


def consistency(entries):
    for m, n in ((1, 1), (1, 8), (2, 5), (3, 7), (4, 7), (6, 8), (8, 13), (12, 13)):
        good = {"size1": m, "size2": n, "root1": mth(entries[:m]), "root2": mth(entries[:n]), "proof": proof(m, entries[:n])}
        yield from variants(good, extends, {
            "size1": [m + 1, n + 1],
            "size2": [m - 1, n + 1, 2 * n],
            "root1": [flipped(good["root1"])],
            "root2": [flipped(good["root2"])] + ([good["root1"]] if m < n else [])})


def merkle():
    entries = [b"entry %d" % i * i for i in range(13)]
    return {"inclusion": list(inclusion(entries)), "consistency": list(consistency(entries))}


# --- RFC 9052: as much CBOR as a COSE_Sign1 needs ---

def head(major, value):
    for limit, size in ((24, 0), (1 << 8, 1), (1 << 16, 2), (1 << 32, 4)):
        if value < limit:
            return bytes([major << 5 | value]) if size == 0 else bytes([major << 5 | 24 + size.bit_length() - 1]) + value.to_bytes(size, "big")
    raise ValueError(value)


def cbor(value):
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = sorted((cbor(key), cbor(each)) for key, each in value.items())
    return head(5, len(pairs)) + b"".join(key + each for key, each in pairs)


CURVES = {
    -7: (ec.SECP256R1(), hashes.SHA256(), "P-256", 32),
    -35: (ec.SECP384R1(), hashes.SHA384(), "P-384", 48),
    -36: (ec.SECP521R1(), hashes.SHA512(), "P-521", 66),
}


def elliptic(algorithm):
    curve, digest, name, size = CURVES[algorithm]
    key = ec.derive_private_key(int.from_bytes(hashlib.sha256(name.encode()).digest()[:24], "big"), curve)
    numbers = key.public_key().public_numbers()

    def sign(message):
        r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(digest, deterministic_signing=True)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def url(number):
        return base64.urlsafe_b64encode(number.to_bytes(size, "big")).decode().rstrip("=")

    return sign, {"kty": "EC", "crv": name, "x": url(numbers.x), "y": url(numbers.y)}


def edwards():
    key = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"Ed25519").digest())
    return key.sign, {"kty": "OKP", "crv": "Ed25519", "x_hex": key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()}


def signed(algorithm, payload, external, context="Signature1"):
    sign, key = edwards() if algorithm == -8 else elliptic(algorithm)
    protected = cbor({1: algorithm})
    to_be_signed = cbor([context, protected, external, payload])
    return key, protected, to_be_signed, sign(to_be_signed)


def message(protected, payload, signature, unprotected=None, tag=b"\xd2"):
    return tag + cbor([protected, unprotected or {4: b"key 1"}, payload, signature])


def cose():
    payload = "Ein Beleg für 3 € – signed.".encode()
    vectors = []

    def add(name, key, encoded, external, good, to_be_signed=None):
        vector = {"name": name, "key": key, "cbor": encoded.hex(), "external": external.hex(), "verifies": good}
        vectors.append({**vector, "toBeSigned": to_be_signed.hex()} if to_be_signed else vector)

    for algorithm in (-7, -35, -36, -8):
        for external in (b"", bytes(range(40))):
            key, protected, to_be_signed, signature = signed(algorithm, payload, external)
            encoded = message(protected, payload, signature)
            name = f"algorithm {algorithm}, {len(external)} external bytes"
            add(name, key, encoded, external, True, to_be_signed)
            add(name + ": other external bytes", key, encoded, external + b"x", False)
            add(name + ": another payload", key, message(protected, payload + b"x", signature), external, False)
            add(name + ": a changed signature", key, message(protected, payload, flipped(signature)), external, False)
            add(name + ": a short signature", key, message(protected, payload, signature[:-1]), external, False)
    key, protected, to_be_signed, signature = signed(-7, payload, b"")
    add("another protected header", key, message(cbor({1: -7, 3: 0}), payload, signature), b"", False)
    add("another algorithm", key, message(cbor({1: -35}), payload, signature), b"", False)
    add("without its tag", key, message(protected, payload, signature, tag=b""), b"", False)
    add("with the tag of COSE_Sign", key, message(protected, payload, signature, tag=b"\xd8\x62"), b"", False)
    add("with bytes behind it", key, message(protected, payload, signature) + b"\0", b"", False)
    add("cut off", key, message(protected, payload, signature)[:-1], b"", False)
    key, protected, _, signature = signed(-7, payload, b"", context="Signature")
    add("signed in another context", key, message(protected, payload, signature), b"", False)
    return vectors


def text(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value))


def write(file, vectors):
    lines = ",\n".join(json.dumps(vector, default=text, ensure_ascii=False) for vector in vectors)
    return file.write_text("[\n" + lines + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for kind, made in merkle().items():
        write(folder / f"{kind}.json", made)
    write(folder / "cose.json", cose())
