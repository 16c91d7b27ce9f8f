using Actors.Outside;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Embeddings;

/// <summary>
/// The configured endpoint as this process asks it: no more often than allowed, and not while it is known to fail. A failure pauses it
/// for 1 s, then twice as long up to a minute, or as long as it asks for.
/// </summary>
internal sealed partial class EmbeddingEndpoint(
    EmbeddingClient client, IOptions<EmbeddingsOptions> options, TimeProvider time, EmbeddingMetrics metrics, ILogger<EmbeddingEndpoint> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly CircuitBreaker _breaker = new(time, failuresToOpen: 1, FirstPause, LongestPause);
    private readonly CallRecord _record = new(time);
    private readonly RequestPace _pace = new(time, options.Value.RequestsPerMinute);

    /// <summary>What the last requests came to.</summary>
    public CallState State => _record.State;

    /// <summary>Asks for the vectors of texts, unless it is not the time to ask.</summary>
    /// <param name="texts">At least one, none empty.</param>
    /// <param name="isQuestion">Whether somebody waits for it.</param>
    /// <param name="cancellationToken">Gives up, which is no outcome but an exception.</param>
    public async Task<EmbeddingOutcome> EmbedAsync(IReadOnlyList<string> texts, bool isQuestion, CancellationToken cancellationToken)
    {
        if (!_breaker.TryPass())
        {
            return EmbeddingOutcome.Failed(EmbeddingFailure.Paused);
        }

        if (!_pace.TryTake(isQuestion))
        {
            _breaker.Withdrew();
            return EmbeddingOutcome.Failed(EmbeddingFailure.Paced);
        }

        var isReported = false;
        try
        {
            var started = time.GetTimestamp();
            var outcome = await client.EmbedAsync(texts, cancellationToken);
            Report(outcome, time.GetElapsedTime(started));
            isReported = true;
            return outcome;
        }
        finally
        {
            if (!isReported)
            {
                _breaker.Withdrew();
            }
        }
    }

    /// <summary>Treats the endpoint as failing, for what only the caller can tell: it refuses whatever it is sent.</summary>
    public void Pause(EmbeddingOutcome outcome) => Fail(outcome);

    private void Report(EmbeddingOutcome outcome, TimeSpan took)
    {
        if (outcome.Failure is null)
        {
            metrics.Answered();
            _record.Succeeded(took);
            if (_breaker.Succeeded())
            {
                LogRecovered();
            }
        }
        else if (outcome.Failure == EmbeddingFailure.Refused)
        {
            // Perhaps of these texts only. The endpoint lives.
            metrics.RequestFailed(EmbeddingFailure.Refused);
            _breaker.Withdrew();
        }
        else
        {
            metrics.RequestFailed(outcome.Failure.Value);
            Fail(outcome);
        }
    }

    private void Fail(EmbeddingOutcome outcome)
    {
        _record.Failed(outcome.Failure!.Value.Code());
        // Once for an outage, not once a minute.
        if (_breaker.Failed(outcome.RetryAfter) == 1)
        {
            LogFailing(outcome.Failure!.Value, outcome.Detail);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embeddings endpoint fails: {Failure} ({Detail}); recall goes on without it")]
    private partial void LogFailing(EmbeddingFailure failure, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "The embeddings endpoint answers again")]
    private partial void LogRecovered();
}
