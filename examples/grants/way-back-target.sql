-- What Longhaul needs on the target for `cutover.reverse: yes`, beside native-target.sql: slots there, and the end of the clients that write when one goes back. Run it once as a superuser.
-- On RDS: GRANT rds_replication TO longhaul in place of the first, and rds.logical_replication = 1 in the parameter group.
ALTER ROLE longhaul REPLICATION;
GRANT pg_signal_backend TO longhaul;
