CREATE TABLE outbox (
  entry        TEXT PRIMARY KEY,
  chain_id     BIGINT NOT NULL,
  account      TEXT NOT NULL,
  seq          BIGINT NOT NULL,
  target       TEXT NOT NULL,
  call_data    TEXT NOT NULL,
  state        TEXT NOT NULL,
  nonce        BIGINT,
  tx           TEXT,
  block_number BIGINT,
  block_hash   TEXT,
  lost_since   BIGINT,
  detail       TEXT,
  updated_at   BIGINT NOT NULL
);
CREATE INDEX outbox_state ON outbox (chain_id, account, state, seq);
CREATE UNIQUE INDEX outbox_nonce ON outbox (chain_id, account, nonce) WHERE state IN ('SENT', 'MINED');
CREATE TABLE outbox_attempts (
  tx      TEXT PRIMARY KEY,
  entry   TEXT NOT NULL REFERENCES outbox (entry),
  nonce   BIGINT NOT NULL,
  raw     TEXT NOT NULL,
  max_fee TEXT NOT NULL,
  tip     TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX outbox_attempts_of ON outbox_attempts (entry);
CREATE TABLE outbox_chains (
  chain_id BIGINT PRIMARY KEY,
  genesis  TEXT NOT NULL
);
