using Actors.Sessions;

namespace Actors.Extraction.Tests;

/// <summary>Memories that nobody has stored.</summary>
internal static class Memories
{
    public const string ClientId = "c1";

    public static readonly DateTimeOffset OccurredAt = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

    public static EventRecord Of(string content, string? speaker = "Ana", string metadata = "{}", MemoryType type = MemoryType.Event, string clientId = ClientId) => new(
        Guid.NewGuid(), clientId, content, type, MemoryScope.User, 0.8, metadata, null, speaker, null, OccurredAt, OccurredAt, null, null);
}
