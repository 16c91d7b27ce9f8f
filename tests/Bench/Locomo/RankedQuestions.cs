using System.Text.Json;
using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Bench;

/// <summary>Puts the questions to indexes in this process, to see what speaks for each memory.</summary>
internal static class RankedQuestions
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static List<RankedQuestion> Of(IEnumerable<Turn> corpus, IReadOnlyCollection<LocomoQuestion> questions, RankingOptions ranking)
    {
        var ranked = new List<RankedQuestion>();
        foreach (var conversation in corpus.GroupBy(turn => turn.ConversationId))
        {
            var index = new MemoryIndex(ranking);
            var now = Start;
            foreach (var turn in conversation)
            {
                now = now.AddMicroseconds(1);
                index.Put(Event(turn, now));
            }

            ranked.AddRange(questions
                .Where(q => q.ConversationId == conversation.Key && q.Evidence.Length > 0)
                .Select(question => Ask(index, question, now)));
        }

        return ranked;
    }

    private static RankedQuestion Ask(MemoryIndex index, LocomoQuestion question, DateTimeOffset now)
    {
        var found = index.Explain(Question.Parse(question.Question), new RecallFilter(RecallRequest.For(question.Question), now));
        var ids = found.Select(f => ((EventRecord)f.Memory).MetadataJson).ToArray();
        return new RankedQuestion(
            question, ids, [.. found.Select(f => f.Evidence.ToArray())], [.. Enumerable.Range(0, ids.Length).Where(i => question.Evidence.Contains(ids[i]))]);
    }

    // The turn's id travels where metadata would.
    private static EventRecord Event(Turn turn, DateTimeOffset createdAt) => new(
        Guid.CreateVersion7(createdAt), turn.ConversationId, turn.Text, MemoryType.Event, MemoryScope.User, 0.5, turn.DiaId, turn.SessionId,
        turn.Speaker, null, new DateTimeOffset(turn.SessionDatetime, TimeSpan.Zero), createdAt, null, null);
}
