using System.Collections.Immutable;
using Actors.Extraction;
using Actors.Facts;
using Actors.Hosting;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Actors.Promotion;

/// <summary>
/// Promotes one event: reads it, stores what was found, then applies that, fact by fact. Each step begins where the one before has left off,
/// whoever did it, so that a process may end at any moment and each fact is recorded once.
/// </summary>
internal sealed partial class EventPromotion(
    PromotionStore store, EventExtraction extraction, IGrainFactory grains, PromotionMetrics metrics, PromotionOptions options, TimeProvider time, ILogger logger)
{
    // From here on an event is important enough (the HTTP contract), as the trigger of sql/023 has it.
    private const double LeastSalience = 0.7;
    private const double Jitter = 0.2;

    private static readonly FactAuthor Author = new("promotion");

    /// <summary>Does what is left to do for an event.</summary>
    /// <returns>Whether nothing is left, and how many facts it gave.</returns>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; nothing is lost.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; nothing is lost.</exception>
    /// <exception cref="WritesSuspendedException">This host may not write now; nothing is lost.</exception>
    public async Task<(bool IsDone, int Facts)> RunAsync(DuePromotion due, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(due.EventId, cancellationToken);
        }
        catch (Exception failure) when (!IsPassing(failure) && failure is not WritesSuspendedException && !cancellationToken.IsCancellationRequested)
        {
            // Whatever may be wrong with one event (an import brings anything), the others have their turn all the same.
            LogPromotionFailed(failure, due.EventId);
            await FailAsync(due, "promotion_failed", "What was found in this memory could not be recorded.", counts: true, retryAfter: null);
            return (false, 0);
        }
    }

    private async Task<(bool IsDone, int Facts)> RunAsync(Guid eventId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(eventId, cancellationToken) is not { } job)
        {
            return (true, 0);
        }

        try
        {
            if (job.State == PromotionState.Waiting && await ExtractAsync(job, cancellationToken) is { } ended)
            {
                return (ended, 0);
            }

            // What is stored, which may be what another sweeper has found.
            if (job.State == PromotionState.Waiting)
            {
                if (await store.FindAsync(eventId, cancellationToken) is not { State: PromotionState.Extracted } stored)
                {
                    return (false, 0);
                }

                job = stored;
            }

            return await ApplyAsync(job, cancellationToken);
        }
        catch (ExtractionException failure)
        {
            await FailAsync(Due(job), failure.Code, failure.Message, counts: !failure.IsTransient, failure.RetryAfter);
        }
        catch (Exception failure) when (IsPassing(failure))
        {
            await FailAsync(Due(job), "not_now", "The client's session, or Postgres, could not take it.", counts: false, retryAfter: null);
        }

        return (false, 0);
    }

    private static DuePromotion Due(PromotionJob job) => new(job.Memory.Id, job.Memory.ClientId, job.Generation, job.Failures);

    // Whatever goes wrong between grains, and passes.
    private static bool IsPassing(Exception failure) =>
        failure is SessionBusyException or SessionLoadingException or OutcomeUnknownException or StorageUnavailableException or TimeoutException or OrleansException;

    /// <returns>Whether nothing is left to do; null: there is something to apply.</returns>
    private async Task<bool?> ExtractAsync(PromotionJob job, CancellationToken cancellationToken)
    {
        var memory = job.Memory;
        var hindrance = memory.ClientId == FactSubjectKey.House ? "The memory is no client's any more."
            : memory.Salience < LeastSalience ? "The memory is not important enough any more."
            : memory.ExpiresAt <= time.GetUtcNow() ? "The memory had expired before it was looked through."
            : null;
        if (hindrance is not null)
        {
            return await EndAsync(job, [hindrance]);
        }

        await store.StoreAsync(job, await ReadAsync(memory, cancellationToken));
        return null;
    }

    private async Task<FoundFacts> ReadAsync(EventRecord memory, CancellationToken cancellationToken)
    {
        try
        {
            return await extraction.ReadAsync(memory, cancellationToken);
        }
        catch (Exception failure) when (failure is not ExtractionException && !IsPassing(failure) && !cancellationToken.IsCancellationRequested)
        {
            // What stands behind the extractor is outside, and one memory that it stumbles over must not keep all others waiting.
            LogExtractorFailed(memory.Id, failure.GetType().Name);
            throw new ExtractionException("extractor_failed", "The extractor failed on this memory.", isTransient: false);
        }
    }

    private async Task<(bool IsDone, int Facts)> ApplyAsync(PromotionJob job, CancellationToken cancellationToken)
    {
        var (memory, found) = (job.Memory, job.Found);
        if (found is null)
        {
            // Found anew, it might be other facts at the same places.
            if (!await store.StartOverAsync(job))
            {
                return (await EndAsync(job, ["What was stored of this memory cannot be read, and facts were recorded of it before."]), 0);
            }

            // Whoever stored it may do so again: not at once, and not for ever.
            throw new ExtractionException("result_unreadable", "What was stored of this memory cannot be read.", isTransient: false);
        }

        var setAside = found.SetAside.ToBuilder();
        var (facts, recorded) = (0, 0);
        foreach (var (ordinal, fact) in found.Facts.Index())
        {
            try
            {
                var promoted = await ApplyAsync(memory, found, ordinal, fact, cancellationToken);
                metrics.Recorded(promoted.Operation);
                facts++;
                recorded++;
            }
            catch (FactAlreadyPromotedException)
            {
                // By who was at it before.
                recorded++;
            }
            catch (FactRefusedException refusal) when (refusal.Code == "source_changed")
            {
                // What is recorded stays, and then the rest has no place any more.
                if (recorded == 0 && await store.StartOverAsync(job))
                {
                    return (false, 0);
                }

                setAside.Add($"Fact {ordinal}: the memory has another content by now.");
            }
            catch (FactRefusedException refusal)
            {
                setAside.Add($"Fact {ordinal}: {refusal.Code}.");
            }
            catch (FactKeyTakenException)
            {
                setAside.Add($"Fact {ordinal}: another fact of its key begins at that very instant.");
            }
        }

        return (await EndAsync(job, setAside.ToImmutable()), facts);
    }

    private Task<PromotedFact> ApplyAsync(EventRecord memory, FoundFacts found, int ordinal, ExtractedFact fact, CancellationToken cancellationToken)
    {
        var quote = CodePointSpan.Slice(memory.Content, fact.SpanStart, fact.SpanEnd) ?? throw new FactRefusedException("no_such_span", "The memory has no such span.");
        var subject = new FactSubject(memory.ClientId, fact.SubjectType, fact.SubjectId);
        var request = new PromoteFactRequest(
            fact.FactType, fact.Content, fact.Salience, fact.Category, fact.FactKey, memory.OccurredAt, fact.Retires,
            new FactPromotion(
                memory.Id, found.ContentHash, ordinal, fact.SpanStart, fact.SpanEnd, found.Extractor, found.Version, found.Model, NormalText.HashOf(quote)),
            Author,
            // It may have recalled what it says.
            MayConfirm: !MemorySpeaker.IsMachine(memory));
        // Before a grain's key is made of it.
        PromotionRules.Check(request, subject);
        return grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(subject)).PromoteAsync(request, cancellationToken);
    }

    private async Task<bool> EndAsync(PromotionJob job, ImmutableArray<string> setAside)
    {
        ImmutableArray<string> told = setAside.Length <= PromotionRow.MaxReasons ? setAside : [.. setAside[..(PromotionRow.MaxReasons - 1)], $"And {setAside.Length - PromotionRow.MaxReasons + 1} more."];
        if (!await store.EndAsync(job, told))
        {
            return false;
        }

        metrics.SetAside(setAside.Length);
        metrics.Ended("done");
        return true;
    }

    private async Task FailAsync(DuePromotion job, string code, string message, bool counts, TimeSpan? retryAfter)
    {
        var doubled = options.FirstDelay * Math.Pow(2, Math.Min(job.Failures, 20));
        var delay = (doubled < options.LongestDelay ? doubled : options.LongestDelay) * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
        var next = time.GetUtcNow() + (retryAfter > delay ? retryAfter.Value : delay);
        metrics.Ended(code);
        if (await store.FailAsync(job.EventId, job.Generation, $"{code}: {message}", counts, next, options.MaxAttempts))
        {
            LogGivenUp(job.EventId, code, options.MaxAttempts);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Memory {EventId} could not be promoted")]
    private partial void LogPromotionFailed(Exception failure, Guid eventId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The extractor failed on memory {EventId} with {Failure}")]
    private partial void LogExtractorFailed(Guid eventId, string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Memory {EventId} is not promoted: {Code}, after {Attempts} attempts; it can be tried again under /api/v1/memory/promotions")]
    private partial void LogGivenUp(Guid eventId, string code, int attempts);
}
