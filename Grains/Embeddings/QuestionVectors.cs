using Actors.Caching;
using Actors.Outside;

namespace Actors.Embeddings;

/// <summary>What a recall gets for its question.</summary>
/// <param name="Vector">Null: there is none.</param>
/// <param name="MissingBecause">Why there is none although an endpoint is configured: the answer is degraded. Null: there is one, or no endpoint.</param>
internal readonly record struct QuestionVector(QuantizedVector? Vector, EmbeddingFailure? MissingBecause)
{
    /// <summary>The code in an answer's <c>degraded</c>.</summary>
    public const string Degraded = "embeddings";
}

/// <summary>
/// Vectors of questions, for all sessions of a process: each text is asked for once at a time and then kept. Nobody waits longer than
/// the budget; a request that takes longer goes on, so that the question has its vector when it comes again. Thread safe.
/// </summary>
/// <param name="endpoint">Null: none is configured.</param>
/// <param name="options">The budget, and how many vectors are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Counts outcomes.</param>
internal sealed class QuestionVectors(EmbeddingEndpoint? endpoint, EmbeddingsOptions options, TimeProvider time, EmbeddingMetrics metrics)
{
    private const int MostAtOnce = 8;

    // An endpoint that answers, but never in time, costs every question the whole budget for nothing.
    private readonly CircuitBreaker _slowness = new(time, failuresToOpen: 3, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
    private readonly LeastRecentlyUsed<QuantizedVector> _known = new(options.CachedQuestions, static (_, _) => 1);
    private readonly Dictionary<string, Task<EmbeddingOutcome>> _asked = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _timesForgotten;

    /// <summary>The vector of a question, if it can be had within the budget. Fails only when cancelled.</summary>
    public ValueTask<QuestionVector> EmbedAsync(string question, CancellationToken cancellationToken)
    {
        if (endpoint is null)
        {
            return default;
        }

        lock (_lock)
        {
            if (_known.TryGet(question, out var vector))
            {
                metrics.Question("cached");
                return new(new QuestionVector(vector, null));
            }

            if (_asked.TryGetValue(question, out var underWay))
            {
                return new(AwaitAsync(underWay, isFirst: false, cancellationToken));
            }

            if (_asked.Count >= MostAtOnce)
            {
                return new(Missing(EmbeddingFailure.Busy));
            }

            if (!_slowness.TryPass())
            {
                return new(Missing(EmbeddingFailure.Paused));
            }

            // Not on the turn of the grain that happens to be first: others wait for it too, and it outlives the call.
            var timesForgotten = _timesForgotten;
            var asked = _asked[question] = Task.Run(() => AskAsync(endpoint, question, timesForgotten), CancellationToken.None);
            return new(AwaitAsync(asked, isFirst: true, cancellationToken));
        }
    }

    /// <summary>Drops all questions: a client was erased, whose name may be in any of them.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _known.Clear();
            _timesForgotten++;
        }
    }

    private async Task<EmbeddingOutcome> AskAsync(EmbeddingEndpoint endpoint, string question, int timesForgotten)
    {
        EmbeddingOutcome? outcome = null;
        try
        {
            outcome = await endpoint.EmbedAsync([options.QuestionPrefix + Cut(question)], isQuestion: true, CancellationToken.None);
            return outcome;
        }
        finally
        {
            lock (_lock)
            {
                _asked.Remove(question);
                if (outcome is { Vectors: [var vector] } && timesForgotten == _timesForgotten)
                {
                    _known.Put(question, vector);
                }
            }
        }
    }

    private async Task<QuestionVector> AwaitAsync(Task<EmbeddingOutcome> asked, bool isFirst, CancellationToken cancellationToken)
    {
        var inTime = false;
        var isOver = false;
        try
        {
            var outcome = await asked.WaitAsync(options.QuestionBudget, time, cancellationToken);
            inTime = outcome.Failure is null;
            if (!inTime)
            {
                return Missing(outcome.Failure!.Value);
            }

            metrics.Question("embedded");
            return new QuestionVector(outcome.Vectors[0], null);
        }
        catch (TimeoutException)
        {
            isOver = true;
            return Missing(EmbeddingFailure.OverBudget);
        }
        finally
        {
            if (isFirst)
            {
                Report(inTime, isOver);
            }
        }
    }

    private void Report(bool inTime, bool isOver)
    {
        if (inTime)
        {
            _slowness.Succeeded();
        }
        else if (isOver)
        {
            _slowness.Failed();
        }
        else
        {
            _slowness.Withdrew();
        }
    }

    private QuestionVector Missing(EmbeddingFailure failure)
    {
        metrics.Question(failure.Code());
        return new QuestionVector(null, failure);
    }

    private string Cut(string question)
    {
        var length = Math.Min(question.Length, options.LongestText);
        return question[..(length < question.Length && char.IsHighSurrogate(question[length - 1]) ? length - 1 : length)];
    }
}
