-- A loan of quota from one organisation to another. Whether it counts is computed from its times: nothing has to end it.
CREATE TABLE quota_loan (
  id TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  amount BIGINT NOT NULL,
  lender_id TEXT NOT NULL,
  borrower_id TEXT NOT NULL,
  asked_by_lender INTEGER NOT NULL,
  asked_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  accepted INTEGER,
  ended_at BIGINT
);
CREATE INDEX quota_loan_lender ON quota_loan (lender_id);
CREATE INDEX quota_loan_borrower ON quota_loan (borrower_id);
