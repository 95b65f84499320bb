-- Consumers whose allocations were written through the Placement API, with the generation that guards them.
CREATE TABLE consumer (
  id TEXT PRIMARY KEY,
  generation BIGINT NOT NULL
);
