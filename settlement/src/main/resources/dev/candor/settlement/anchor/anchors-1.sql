CREATE TABLE anchors (
  entry        TEXT PRIMARY KEY,
  chain_id     BIGINT NOT NULL,
  contract     TEXT NOT NULL,
  account      TEXT NOT NULL,
  state        TEXT NOT NULL,
  log_size     BIGINT NOT NULL,
  root         TEXT NOT NULL,
  checkpoint   TEXT NOT NULL,
  tx           TEXT,
  block_number BIGINT,
  anchor_index BIGINT,
  head         TEXT,
  detail       TEXT,
  made_at      BIGINT NOT NULL
);
CREATE INDEX anchors_by_size ON anchors (chain_id, contract, account, state, log_size);
