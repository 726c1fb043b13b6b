CREATE TABLE payments (
  id          TEXT PRIMARY KEY,
  chain_id    BIGINT NOT NULL,
  payer       TEXT NOT NULL,
  nonce       TEXT NOT NULL,
  state       TEXT NOT NULL,
  cap         TEXT NOT NULL,
  charged     TEXT NOT NULL,
  deadline    BIGINT NOT NULL,
  body_digest TEXT NOT NULL,
  payload     TEXT NOT NULL,
  receipt     TEXT,
  tx          TEXT,
  detail      TEXT,
  updated_at  BIGINT NOT NULL,
  UNIQUE (chain_id, payer, nonce)
);
CREATE INDEX payments_due ON payments (state, deadline, id);
CREATE INDEX payments_moved ON payments (state, updated_at);
CREATE INDEX payments_of_payer ON payments (payer, state, updated_at);
CREATE TABLE leaves (
  idx  BIGINT PRIMARY KEY,
  leaf ${blob} NOT NULL
);
CREATE TABLE receipts (
  id      TEXT PRIMARY KEY,
  payment TEXT REFERENCES payments (id),
  leaf    BIGINT NOT NULL UNIQUE REFERENCES leaves (idx),
  cose    ${blob} NOT NULL
);
CREATE INDEX receipts_of_payment ON receipts (payment);
CREATE TABLE sums (
  name   TEXT PRIMARY KEY,
  amount TEXT NOT NULL
);
CREATE TABLE journal (
  seq   BIGINT PRIMARY KEY,
  entry TEXT NOT NULL,
  hash  TEXT NOT NULL
);
