using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Actors.Sessions;

/// <summary>
/// What was stored in the last 60 seconds (the HTTP contract's time), to recognise exact repeats: same conversation, speaker,
/// time, metadata, kind, scope and run, and the same content but for white space and Unicode form.
/// </summary>
internal sealed partial class RecentMemories
{
    /// <summary>How long a repeat is recognised, from when the memory was stored.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly Dictionary<UInt128, (Guid Id, DateTimeOffset StoredAt)> _stored = [];
    private readonly Queue<(UInt128 Mark, DateTimeOffset StoredAt)> _order = new();

    /// <param name="memory">Stored later than those added before.</param>
    public void Add(EventRecord memory)
    {
        Forget(memory.CreatedAt);
        if (MarkOf(memory) is { } known)
        {
            _stored[known] = (memory.Id, memory.CreatedAt);
            _order.Enqueue((known, memory.CreatedAt));
        }
    }

    /// <summary>Id of the memory that one with this mark repeats; null: of none.</summary>
    public Guid? Find(UInt128 mark, DateTimeOffset now)
    {
        Forget(now);
        return _stored.TryGetValue(mark, out var stored) ? stored.Id : null;
    }

    /// <summary>Equal for two memories of which one repeats the other; null: not to be compared.</summary>
    public static UInt128? MarkOf(NewMemory memory) => MarkOf(
        memory.Content, memory.Type, memory.Scope, memory.MetadataJson, memory.ConversationId, memory.Speaker,
        memory.OccurredAt is { } time ? SessionRules.WholeMicroseconds(time) : null, memory.RunId);

    /// <summary>The mark of a memory that is stored.</summary>
    public static UInt128? MarkOf(EventRecord memory) => MarkOf(
        memory.Content, memory.Type, memory.Scope, memory.MetadataJson, memory.ConversationId, memory.Speaker,
        memory.OccurredAt == memory.CreatedAt ? null : memory.OccurredAt, memory.RunId);

    private static UInt128? MarkOf(
        string content, MemoryType type, MemoryScope scope, string metadataJson, string? conversationId, string? speaker,
        DateTimeOffset? occurredAt, Guid? runId)
    {
        var metadata = metadataJson == "{}" ? "" : MetadataRules.Canonical(metadataJson);
        if (metadata is null)
        {
            return null;
        }

        // The lengths in front keep neighbours apart; -1 tells nothing from an empty text.
        var normalized = Normalized(content);
        var whole = string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)type}/{(int)scope}/{occurredAt?.UtcTicks}/{runId}/{normalized.Length}/{conversationId?.Length ?? -1}/{speaker?.Length ?? -1}/{normalized}{conversationId}{speaker}{metadata}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(whole.AsSpan()), hash);
        return BitConverter.ToUInt128(hash);
    }

    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && oldest.StoredAt <= now - Window)
        {
            _order.Dequeue();
            if (_stored.TryGetValue(oldest.Mark, out var stored) && stored.StoredAt == oldest.StoredAt)
            {
                _stored.Remove(oldest.Mark);
            }
        }
    }

    // Normalisation throws for the one character that Unicode reserves and Postgres stores all the same.
    private static string Normalized(string content) => WhiteSpace().Replace(content.Replace('\uFFFE', '\uFFFD').Trim().Normalize(), " ");

    // One blank, which is the most frequent by far, is left as it is.
    [GeneratedRegex(@"\s{2,}|[^\S ]")]
    private static partial Regex WhiteSpace();
}
