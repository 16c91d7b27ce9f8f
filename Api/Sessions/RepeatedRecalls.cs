using System.Diagnostics.CodeAnalysis;
using Actors.Caching;

namespace Actors.Sessions;

/// <summary>
/// Answers to questions that are asked again and again, as the JSON that was sent, by the text of the question's query string. Only
/// what a session says it repeats is kept, so a question that is asked once costs nothing. Whether an answer is still the
/// answer, the session is asked each time: an entry only saves it from being read, sent from silo to API and made into JSON again.
/// </summary>
internal sealed class RepeatedRecalls(long maxBytes)
{
    // Of an entry, rounded up: some ten small objects.
    private const int OverheadBytes = 512;

    private readonly Lock _lock = new();
    private int _times;

    // Beside the JSON, the question is held twice: as it came, and read; and the objects around them.
    private readonly LeastRecentlyUsed<RepeatedRecall> _byQuestion = new(
        maxBytes, static (question, recall) => OverheadBytes + recall.Json.Length + (2L * sizeof(char) * question.Length));

    /// <summary>What is kept under a question; null: nothing.</summary>
    public RepeatedRecall? Find(string question)
    {
        lock (_lock)
        {
            return _byQuestion.TryGet(question, out var recall) ? recall : null;
        }
    }

    /// <summary>To be taken before a session is asked.</summary>
    public int TimesCleared => Volatile.Read(ref _times);

    /// <summary>Keeps an answer, and drops those not asked for the longest until there is room.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="recall">The answer.</param>
    /// <param name="timesCleared"><see cref="TimesCleared"/> before: an answer from before the last time is not kept.</param>
    public void Keep(string question, RepeatedRecall recall, int timesCleared)
    {
        lock (_lock)
        {
            if (timesCleared == _times)
            {
                _byQuestion.Put(question, recall);
            }
        }
    }

    /// <summary>Drops all answers. A client was erased; whose an answer is, and what it repeats, is not looked at.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _byQuestion.Clear();
            _times++;
        }
    }
}

/// <summary>A question, and the answer to it that its session repeats.</summary>
/// <param name="Call">The question, with the answer's tag.</param>
/// <param name="Json">As <see cref="RecallResponse.JsonOf"/> makes it.</param>
[SuppressMessage("Performance", "CA1819", Justification = "Never changed.")]
internal sealed record RepeatedRecall(RecallCall Call, byte[] Json)
{
    public static RepeatedRecall Of(RecallCall call, long tag, RecallAnswer answer) => new(
        call with { Request = call.Request with { KnownAnswer = tag } }, RecallResponse.JsonOf(call, answer));
}

/// <summary>Limits of the answers an API process keeps. Configuration section <c>RepeatedRecalls</c>.</summary>
internal sealed class RepeatedRecallOptions
{
    /// <summary>
    /// Most bytes of answers and their questions, at least 0; default 16,777,216. When they are full, the answer not asked for the
    /// longest is dropped; 0 keeps none.
    /// </summary>
    public long MaxBytes { get; set; } = 16 * 1024 * 1024;
}
