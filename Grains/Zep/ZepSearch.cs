using System.Collections.Immutable;
using System.Data.Common;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>
/// Asks Zep for recalls, for all sessions of a process. Nobody waits longer than the budget, whatever Zep or Postgres do meanwhile. Thread safe.
/// </summary>
/// <param name="gate">The way to Zep.</param>
/// <param name="store">Tells whose what was found is.</param>
/// <param name="options">The budget, and how much is wanted.</param>
/// <param name="metrics">Counts what came of it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of what nobody expects.</param>
internal sealed partial class ZepSearch(
    ZepGate gate, ZepSearchStore store, IOptions<ZepOptions> options, ZepSearchMetrics metrics, TimeProvider time, ILogger<ZepSearch> logger)
{
    /// <summary>Names Zep in <see cref="RecallAnswer.Degraded"/>.</summary>
    public const string Degraded = "zep";

    private static readonly TimeSpan KeptWithout = TimeSpan.FromSeconds(60);

    // What Zep derives comes without the client's version moving.
    private static readonly TimeSpan KeptWith = TimeSpan.FromHours(1);

    private const int MostAtOnce = 8;

    // What has ended takes up places among the hits: so many more are asked for.
    private const int Spare = 2;

    // Where Zep tells no score: as common among facts that answer as among others.
    private const double UnknownScore = 0.5;

    private int _underWay;

    /// <summary>Whether Zep is configured.</summary>
    public bool IsOn => gate.IsOn;

    /// <summary>How many of its hits count in an answer.</summary>
    public int MostHits => options.Value.SearchHits;

    /// <summary>How long an answer with, or without, what Zep found is kept; null: as long as without Zep.</summary>
    public static DateTimeOffset? KeptUntil(ZepFindings findings, DateTimeOffset now) =>
        findings.MissingBecause is not null ? now + KeptWithout : findings.WasAsked ? now + KeptWith : null;

    /// <summary>Whether a result of this score leaves nothing to ask Zep for.</summary>
    public bool IsGoodEnough(double similarity) => similarity >= options.Value.GoodEnough;

    /// <summary>It was not asked since what is here is good enough.</summary>
    public void Skipped() => metrics.Searched("good_enough");

    /// <summary>What Zep has for a question, if it can be had within the budget. Fails only when cancelled.</summary>
    /// <param name="clientId">Whose memory is asked.</param>
    /// <param name="presence">What is known of the client.</param>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ZepFindings> AskAsync(string clientId, ZepPresence presence, RecallRequest request, CancellationToken cancellationToken)
    {
        if (gate.IsClosedFor(ZepUse.Search) && presence.IsThere is { } isThere)
        {
            return Told(isThere ? ZepFindings.Missing("paused") : ZepFindings.None);
        }

        if (Interlocked.Increment(ref _underWay) > MostAtOnce)
        {
            Interlocked.Decrement(ref _underWay);
            return Told(ZepFindings.Missing("busy"));
        }

        // Not on the turn of the grain: it may outlive the call.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = Task.Run(() => FindAsync(clientId, presence, request, stop.Token, nobodyWaits: cancellationToken), CancellationToken.None);
        _ = ForgetAfterAsync(asked, stop);
        try
        {
            return Told(await asked.WaitAsync(options.Value.SearchBudget, time, cancellationToken));
        }
        catch (TimeoutException)
        {
            // The gate hears of it, and pauses searches after some.
            _ = stop.CancelAsync();
            return Told(ZepFindings.Missing("too_slow"));
        }
    }

    /// <summary>Events and facts of a client by their ids, those that are there; default when they are not to be had within the budget.</summary>
    /// <param name="clientId">Whose they are.</param>
    /// <param name="ids">Which.</param>
    /// <param name="started">When Zep was asked, as a timestamp of the clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ImmutableArray<IMemory>> LoadAsync(string clientId, Guid[] ids, long started, CancellationToken cancellationToken)
    {
        var left = options.Value.SearchBudget - time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero)
        {
            return default;
        }

        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = Task.Run(() => store.LoadAsync(clientId, ids, stop.Token), CancellationToken.None);
        _ = ForgetAsync(loading, stop);
        try
        {
            return await loading.WaitAsync(left, time, cancellationToken);
        }
        catch (TimeoutException) when (!loading.IsCompleted)
        {
            _ = stop.CancelAsync();
            return default;
        }
        catch (Exception failure) when (failure is StorageUnavailableException or DbException)
        {
            return default;
        }
    }

    private static async Task ForgetAsync(Task task, CancellationTokenSource stop)
    {
        await Task.WhenAny(task);
        _ = task.Exception;
        stop.Dispose();
    }

    private async Task ForgetAfterAsync(Task<ZepFindings> asked, CancellationTokenSource stop)
    {
        await Task.WhenAny(asked);
        Interlocked.Decrement(ref _underWay);
        stop.Dispose();
    }

    private async Task<ZepFindings> FindAsync(
        string clientId, ZepPresence presence, RecallRequest request, CancellationToken cancellationToken, CancellationToken nobodyWaits)
    {
        try
        {
            var before = await store.ReadStandingAsync(clientId, cancellationToken);
            presence.Note(before);
            if (before.IsErasing || !before.IsThere)
            {
                return before.IsErasing ? ZepFindings.Missing("erasing") : ZepFindings.None;
            }

            if (gate.IsClosedFor(ZepUse.Search))
            {
                return ZepFindings.Missing("paused");
            }

            var limit = Math.Min(ZepLimits.SearchHits, options.Value.SearchHits * Spare);
            var answer = await gate.CallAsync(
                ZepUse.Search, (zep, stop) => zep.SearchAsync(SessionKey.Of(clientId), request.Query, limit, stop), cancellationToken, nobodyWaits);
            if (answer.Failure is { } failure)
            {
                return ZepFindings.Missing(ZepNames.Of(failure));
            }

            var hits = answer.Value.Where(hit => (hit.Score ?? UnknownScore) >= options.Value.LeastScore).ToArray();
            if (hits.Length == 0)
            {
                return new ZepFindings([], WasAsked: true, MissingBecause: null);
            }

            string[] ids = [.. hits.SelectMany(IdsOf).Distinct(StringComparer.Ordinal)];
            var (after, rows) = await store.FindRowsAsync(clientId, ids, cancellationToken);
            // Erased meanwhile: what Zep still had of before is nobody's any more.
            return after.IsErasing || after.EraseEpoch != before.EraseEpoch
                ? ZepFindings.Missing("erasing")
                : new ZepFindings([.. hits.Select(hit => Finding(hit, rows, request))], WasAsked: true, MissingBecause: null);
        }
        catch (StorageUnavailableException)
        {
            return ZepFindings.Missing("postgres");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever Zep gives, recall has an answer.
            LogFailed(failure);
            return ZepFindings.Missing("failed");
        }
    }

    private ZepFinding Finding(ZepHit hit, ILookup<string, Guid> rows, RecallRequest request)
    {
        // Of a fact that is known to be over, but not since when, the day Zep learned of it is the best guess.
        var memory = new ZepMemory(hit.EdgeId, hit.Fact, hit.CreatedAt, hit.ValidAt, hit.InvalidAt ?? hit.ExpiredAt);
        return new ZepFinding(
            memory, hit.Score ?? UnknownScore, [.. IdsOf(hit).SelectMany(id => rows[id]).Distinct()],
            [.. IdsOf(hit).Select(id => Guid.TryParse(id, out var guid) ? guid : Guid.Empty).Where(id => id != Guid.Empty)],
            memory.ValidTo <= (request.AsOf ?? time.GetUtcNow()));
    }

    private static IEnumerable<string> IdsOf(ZepHit hit) => [hit.EdgeId, .. hit.EpisodeIds];

    [LoggerMessage(Level = LogLevel.Error, Message = "What Zep found cannot be used; recall goes on without it")]
    private partial void LogFailed(Exception failure);

    private ZepFindings Told(ZepFindings findings)
    {
        metrics.Searched(findings.MissingBecause ?? (!findings.WasAsked ? "nothing_there" : findings.Found.IsEmpty ? "nothing" : "found"));
        return findings;
    }
}
