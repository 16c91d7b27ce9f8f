-- Whether a subject has its node is asked with the first fact of each subject, by subject and owner. The unique constraint begins with
-- the owner, which may be null and is compared by "is not distinct from", so no index served: every new subject read all nodes.
-- Lock cost: SHARE on graph_nodes while the index is built; who writes facts waits for it, readers do not.
create index graph_nodes_by_subject on graph_nodes (subject_type, subject_id);
