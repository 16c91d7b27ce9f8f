namespace Actors.Storage;

/// <summary>
/// Tells Postgres which silo a session belongs to, so that a silo which its cluster has declared dead is refused
/// (<c>sql/008_silo_fence.sql</c>). The single-process host has none: its lock is its right to write.
/// </summary>
/// <param name="Silo"><c>cluster|address|port|generation</c>, as in Orleans' membership table; no blanks.</param>
internal sealed record HostIdentity(string Silo);
