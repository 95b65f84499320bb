-- The OpenID provider of a domain: who speaks for its people.
CREATE TABLE openid_provider (
  domain_id TEXT PRIMARY KEY,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  name_claim TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
-- Which account belongs to whom in a domain's directory or provider; key: the domain, and how that calls the person for good.
CREATE TABLE directory_person (
  key TEXT PRIMARY KEY,
  user_id TEXT NOT NULL UNIQUE
);
