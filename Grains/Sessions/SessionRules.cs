using System.Text;

namespace Actors.Sessions;

/// <summary>What a session accepts, and what it makes of it. Pure.</summary>
internal static class SessionRules
{
    /// <summary>How long a memory of session scope lives, from its creation: the HTTP contract's 24 hours.</summary>
    public static readonly TimeSpan SessionScopeLifetime = TimeSpan.FromHours(24);

    /// <exception cref="MemoryRefusedException">A memory breaks a rule.</exception>
    public static void Check(RememberRequest request)
    {
        if (request.Memories.Length is 0 or > RememberRequest.MaxMemories)
        {
            throw new MemoryRefusedException("batch_size", $"A request carries 1 to {RememberRequest.MaxMemories} memories.");
        }

        foreach (var memory in request.Memories)
        {
            Check(memory);
        }
    }

    private static void Check(NewMemory memory)
    {
        if (string.IsNullOrWhiteSpace(memory.Content) || memory.Content.Length > NewMemory.MaxContentLength)
        {
            throw new MemoryRefusedException("content_length", $"Content must be 1 to {NewMemory.MaxContentLength} characters, not only white space.");
        }

        if (!IsStorable(memory.Content) || !IsStorable(memory.ConversationId) || !IsStorable(memory.Speaker) || !IsStorable(memory.MetadataJson))
        {
            throw new MemoryRefusedException("text_not_storable", "Text must be valid Unicode without NUL characters.");
        }

        if (!MetadataRules.NumbersAreReadable(memory.MetadataJson))
        {
            throw new MemoryRefusedException("number_out_of_range", "Metadata holds a number that no double can hold.");
        }

        if (memory.Salience is { } salience && salience is not (>= 0 and <= 1))
        {
            throw new MemoryRefusedException("salience_range", "Salience must lie in 0..1.");
        }

        if (memory.Scope == MemoryScope.Run && memory.RunId is null)
        {
            throw new MemoryRefusedException("run_scope_needs_run_id", "A memory of scope 'run' ends with its run: say which by run_id.");
        }

        if (memory.ExpiresAt <= memory.OccurredAt)
        {
            throw new MemoryRefusedException("expires_before_it_occurred", "expires_at must be later than occurred_at.");
        }
    }

    /// <summary>The next transaction time of a session: now, or just after the last one. Never goes back, never repeats.</summary>
    /// <param name="now">The clock.</param>
    /// <param name="last">The session's latest transaction time, if any.</param>
    /// <returns>A time with the microsecond precision of Postgres.</returns>
    public static DateTimeOffset NextTime(DateTimeOffset now, DateTimeOffset? last)
    {
        var rounded = WholeMicroseconds(now);
        return last is { } time && rounded <= time ? time.AddMicroseconds(1) : rounded;
    }

    /// <summary>The row a memory becomes when it is stored at a given time.</summary>
    /// <exception cref="MemoryRefusedException">It would have expired before it occurred.</exception>
    public static EventRecord ToRecord(NewMemory memory, string clientId, DateTimeOffset createdAt)
    {
        var occurredAt = WholeMicroseconds(memory.OccurredAt ?? createdAt);
        DateTimeOffset? expiresAt = memory.ExpiresAt is { } given ? WholeMicroseconds(given)
            : memory.Scope == MemoryScope.Session ? createdAt + SessionScopeLifetime
            : null;
        if (expiresAt <= occurredAt)
        {
            throw new MemoryRefusedException("expires_before_it_occurred", "The memory would expire before its occurred_at.");
        }

        return new EventRecord(
            Guid.CreateVersion7(createdAt),
            clientId,
            memory.Content,
            memory.Type,
            memory.Scope,
            memory.Salience ?? SalienceRules.Estimate(memory),
            memory.MetadataJson,
            memory.ConversationId,
            memory.Speaker,
            memory.RunId,
            occurredAt,
            createdAt,
            expiresAt,
            PromotedToFactId: null);
    }

    /// <summary>Whether Postgres can hold a text: its text holds no NUL, and UTF-8 no half of a surrogate pair.</summary>
    public static bool IsStorable(string? text)
    {
        if (text is null)
        {
            return true;
        }

        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>The time as Postgres keeps it.</summary>
    public static DateTimeOffset WholeMicroseconds(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
