using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Sessions;

/// <summary>What kind of thing an event records.</summary>
[GenerateSerializer, Alias("MemoryType")]
public enum MemoryType
{
    /// <summary>Something happened or was said.</summary>
    Event,

    /// <summary>A thought about what happened.</summary>
    Reflection,

    /// <summary>A decision that was taken.</summary>
    Decision,
}

/// <summary>What recall may look for; the first values are those of <see cref="MemoryType"/>.</summary>
[GenerateSerializer, Alias("MemoryKind")]
public enum MemoryKind
{
    /// <summary>Something happened or was said.</summary>
    Event,

    /// <summary>A thought about what happened.</summary>
    Reflection,

    /// <summary>A decision that was taken.</summary>
    Decision,

    /// <summary>A fact about an entity.</summary>
    Fact,
}

/// <summary>How far a memory reaches, and with that how long it lives.</summary>
[GenerateSerializer, Alias("MemoryScope")]
public enum MemoryScope
{
    /// <summary>Until its execution run ends.</summary>
    Run,

    /// <summary>24 hours from creation.</summary>
    Session,

    /// <summary>The client, without end. The default.</summary>
    User,

    /// <summary>A project, without end.</summary>
    Project,

    /// <summary>Everything this client does, without end.</summary>
    Global,
}

/// <summary>One memory to store. Text must be valid UTF-16 without NUL.</summary>
/// <param name="Content">What to remember: 1 to 262,144 characters, not only white space.</param>
/// <param name="Type">Kind.</param>
/// <param name="Scope">Reach; <see cref="MemoryScope.Run"/> needs <paramref name="RunId"/>.</param>
/// <param name="Salience">Importance in 0..1; null: estimated, see <c>docs/memory.md</c>.</param>
/// <param name="MetadataJson">A JSON object as text.</param>
/// <param name="ConversationId">Conversation the memory is part of; neighbours in it give each other context.</param>
/// <param name="Speaker">Who said it.</param>
/// <param name="OccurredAt">When it happened (valid time); null: when it is stored.</param>
/// <param name="RunId">Execution run it belongs to.</param>
/// <param name="ExpiresAt">When it stops being valid, exclusive; null: as its scope says.</param>
[GenerateSerializer, Immutable, Alias("NewMemory")]
public sealed record NewMemory(
    [property: Id(0)] string Content,
    [property: Id(1)] MemoryType Type = MemoryType.Event,
    [property: Id(2)] MemoryScope Scope = MemoryScope.User,
    [property: Id(3)] double? Salience = null,
    [property: Id(4)] string MetadataJson = "{}",
    [property: Id(5)] string? ConversationId = null,
    [property: Id(6)] string? Speaker = null,
    [property: Id(7)] DateTimeOffset? OccurredAt = null,
    [property: Id(8)] Guid? RunId = null,
    [property: Id(9)] DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Longest content, in characters; the schema says the same.</summary>
    public const int MaxContentLength = 262_144;
}

/// <summary>Memories to store in one transaction.</summary>
/// <param name="Memories">1 to <see cref="MaxMemories"/> memories.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised; null: exact repeats of a memory within 60 s are stored once.</param>
[GenerateSerializer, Immutable, Alias("RememberRequest")]
public sealed record RememberRequest(
    [property: Id(0)] ImmutableArray<NewMemory> Memories,
    [property: Id(1)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Most memories one request may carry.</summary>
    public const int MaxMemories = 1_000;
}

/// <summary>What became of a <see cref="RememberRequest"/>.</summary>
/// <param name="Memories">The stored events, in the order of the request.</param>
/// <param name="IsRepeat">For each of them, whether it was stored before and the request only repeated it.</param>
/// <param name="IsInValkey">
/// For each of them, whether Valkey has acknowledged it too. Always false with an idempotency key: what a repeat answers is kept with the
/// commit, which is before that.
/// </param>
/// <param name="InZep">For each of them, how far it is on its way to Zep.</param>
[GenerateSerializer, Immutable, Alias("RememberAnswer")]
public sealed record RememberAnswer(
    [property: Id(0)] ImmutableArray<EventRecord> Memories,
    [property: Id(1)] ImmutableArray<bool> IsRepeat,
    [property: Id(2)] ImmutableArray<bool> IsInValkey,
    [property: Id(3)] ImmutableArray<ZepDelivery> InZep);

/// <summary>How far a memory that was stored just now is on its way to Zep.</summary>
[GenerateSerializer, Alias("ZepDelivery")]
public enum ZepDelivery
{
    /// <summary>It does not go there: Zep is off, the memory is not important enough, or it was stored before.</summary>
    None,

    /// <summary>It waits in the outbox.</summary>
    Queued,

    /// <summary>Zep has taken it. Never told with an idempotency key, as with Valkey.</summary>
    Sent,
}

/// <summary>What has to be kept of a stored memory to answer its request again.</summary>
/// <param name="MemoryId">Its id.</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Salience">Its importance in 0..1.</param>
/// <param name="Scope">Its reach.</param>
/// <param name="ExpiresAt">End of its valid time, exclusive; null: none.</param>
/// <param name="IsRepeat">Whether it was stored before.</param>
/// <param name="IsInValkey">Whether Valkey has it too, as far as the answer tells.</param>
/// <param name="InZep">How far it is on its way to Zep, as far as the answer tells.</param>
public sealed record RememberReceipt(
    Guid MemoryId, string ClientId, double Salience, MemoryScope Scope, DateTimeOffset? ExpiresAt, bool IsRepeat, bool IsInValkey = false,
    ZepDelivery InZep = ZepDelivery.None)
{
    /// <summary>The receipt of a memory.</summary>
    public static RememberReceipt Of(EventRecord memory, bool isRepeat, bool isInValkey = false, ZepDelivery inZep = ZepDelivery.None)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return new(memory.Id, memory.ClientId, memory.Salience, memory.Scope, memory.ExpiresAt, isRepeat, isInValkey, inZep);
    }
}

/// <summary>A stored event. Times have microsecond precision.</summary>
/// <param name="Id">Memory id (UUID version 7).</param>
/// <param name="ClientId">Whose memory it is.</param>
/// <param name="Content">What was remembered.</param>
/// <param name="Type">Kind.</param>
/// <param name="Scope">Reach.</param>
/// <param name="Salience">Importance in 0..1.</param>
/// <param name="MetadataJson">A JSON object as text.</param>
/// <param name="ConversationId">Conversation, if any.</param>
/// <param name="Speaker">Who said it, if known.</param>
/// <param name="RunId">Execution run, if any.</param>
/// <param name="OccurredAt">Start of its valid time.</param>
/// <param name="CreatedAt">Transaction time: since when it is known; strictly increasing within a session.</param>
/// <param name="ExpiresAt">End of its valid time, exclusive; null: none.</param>
/// <param name="PromotedToFactId">The fact it was promoted to, if any.</param>
[GenerateSerializer, Immutable, Alias("EventRecord")]
public sealed record EventRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string ClientId,
    [property: Id(2)] string Content,
    [property: Id(3)] MemoryType Type,
    [property: Id(4)] MemoryScope Scope,
    [property: Id(5)] double Salience,
    [property: Id(6)] string MetadataJson,
    [property: Id(7)] string? ConversationId,
    [property: Id(8)] string? Speaker,
    [property: Id(9)] Guid? RunId,
    [property: Id(10)] DateTimeOffset OccurredAt,
    [property: Id(11)] DateTimeOffset CreatedAt,
    [property: Id(12)] DateTimeOffset? ExpiresAt,
    [property: Id(13)] Guid? PromotedToFactId) : IMemory;
