using System.Collections.Immutable;
using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

/// <summary>An index to fill by hand, each memory known a second after the one before.</summary>
internal sealed class IndexStage(RankingOptions? ranking = null)
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private int _seconds;

    public MemoryIndex Index { get; } = new(ranking ?? new RankingOptions());

    /// <summary>Now: after everything so far.</summary>
    public DateTimeOffset Now => Start.AddSeconds(_seconds);

    public EventRecord Put(NewMemory memory)
    {
        var record = SessionRules.ToRecord(memory, "1", Start.AddSeconds(_seconds++));
        Index.Put(record);
        return record;
    }

    public EventRecord Say(string speaker, string content, string conversation = "c", DateTimeOffset? at = null) =>
        Put(new NewMemory(content, ConversationId: conversation, Speaker: speaker, OccurredAt: at));

    public ImmutableArray<RecallHit> Search(string question, int k = 10, DateTimeOffset? now = null, Func<RecallRequest, RecallRequest>? with = null)
    {
        var request = RecallRequest.For(question, k);
        return Index.Search(Question.Parse(question), k, new RecallFilter(with is null ? request : with(request), now ?? Now));
    }

    public string[] Contents(string question, int k = 10, DateTimeOffset? now = null) =>
        [.. Search(question, k, now).Select(hit => hit.Memory.Content)];
}
