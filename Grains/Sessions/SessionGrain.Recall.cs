using System.Collections.Immutable;
using System.Data.Common;
using Actors.Embeddings;
using Actors.Facts;
using Actors.Retention;
using Actors.Sessions.Recall;
using Actors.Storage;
using Actors.Zep;
using Microsoft.Extensions.Logging;

namespace Actors.Sessions;

/// <summary>How it answers: from its index, or before that is read from the shared cache.</summary>
internal sealed partial class SessionGrain
{
    // Each costs two round trips, many times what the index would; rather few, since a session that is asked so often is in use.
    private const int MostColdAnswers = 100;

    public async Task<RecallAnswer> RecallAsync(RecallRequest request, CancellationToken cancellationToken)
    {
        if (_commits is null && await TryAnswerColdAsync(request, cancellationToken) is { } cold)
        {
            return cold;
        }

        await ReadyAsync(cancellationToken);
        var missing = await TryCatchUpAsync(cancellationToken);
        await TryTakeVectorsAsync();
        var now = time.GetUtcNow();
        var key = RecallKey.Of(request);
        if (missing is null && _session.FindAnswer(key, shared.Generation, now) is { } known)
        {
            metrics.Answered("session");
            return cache.IsFailing ? WithoutCache(known)
                : known.Tag == request.KnownAnswer ? RecallAnswer.Known(known.Tag!.Value) : known;
        }

        return await AnswerAsync(request, key, missing, now, cancellationToken);
    }

    // Once nothing is awaited any more it is one turn: nothing is written between what is found and what is kept of it.
    private async Task<RecallAnswer> AnswerAsync(RecallRequest request, string key, string? missing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (epoch, version) = (_session.Head.EraseEpoch, _session.Head.Version);
        var asked = AskZepAsync(request, now, cancellationToken);
        var meaning = await questions.EmbedAsync(request.Query, cancellationToken);
        var (findings, others) = await asked;
        var question = Question.Parse(request.Query, meaning.Vector);
        var filter = new RecallFilter(request, now);
        var (sharedGeneration, sharedVersion) = (shared.Generation, shared.Version);
        var sharedHits = await shared.SearchAsync(request, question, filter, cancellationToken);
        // Last: a fact that changes while something else is awaited has the past read again.
        while (request.KnownAt is not null && _session.NeedsPast)
        {
            await ReadPastAsync(cancellationToken);
        }

        // Erased since Zep was asked: what it had is of nobody any more.
        findings = epoch == _session.Head.EraseEpoch || !findings.WasAsked ? findings : ZepFindings.Missing("erasing");
        var hits = ZepHits.Merge(
            RankedHits.Merge(_session.Search(request, question, filter), sharedHits, request.K), findings.Found, zep.MostHits,
            // Rows that were read before a write may have gone with it.
            id => _session.Find(id) ?? (version == _session.Head.Version ? others.GetValueOrDefault(id) : null), filter, request.K);
        var answer = new RecallAnswer(hits, Cached: false, Degraded(request, missing, meaning, findings));
        metrics.Answered("index");
        if (missing is null && meaning.MissingBecause is null)
        {
            // With as_of, and without Zep, the answer holds for good.
            var validUntil = ZepSearch.KeptUntil(findings, now) is { } kept && !(filter.ValidUntil <= kept) ? kept : filter.ValidUntil;
            _session.Keep(key, answer, sharedGeneration, validUntil);
            cache.Keep(_clientId, key, answer, _session, sharedVersion, validUntil);
            _share!.Resize(_session.Bytes);
        }

        return cache.IsFailing ? WithoutCache(answer) : answer;
    }

    private async Task ReadPastAsync(CancellationToken cancellationToken)
    {
        var changes = _session.FactChangesSoFar;
        var limits = options.Value;
        var versions = await facts.LoadVersionsAsync(_clientId, limits.MaxHotEvents, limits.MaxHotCharacters, cancellationToken);
        var past = await longWork.RunAsync(versions.Beliefs.Length, () => MemoryIndex.Of(versions.Beliefs, ranking), cancellationToken);
        _session.SetPast(past, versions.IsComplete, changes);
        _share!.Resize(_session.Bytes);
    }

    // What the answer lacks, or may.
    private ImmutableArray<string> Degraded(RecallRequest request, string? missing, QuestionVector meaning, ZepFindings findings)
    {
        var degraded = ImmutableArray.CreateBuilder<string>();
        Add("hot_index", !_session.IsComplete(request.KnownAt is not null));
        Add(missing!, missing is not null);
        // Not for want of anything that may come back, so the answer is as good as it will be.
        Add(RetentionHorizon.Degraded, _session.Head.Horizon.Hides(request.AsOf, request.KnownAt) || shared.Horizon.Hides(request.AsOf, request.KnownAt));
        Add(QuestionVector.Degraded, meaning.MissingBecause is not null);
        Add(ZepSearch.Degraded, findings.MissingBecause is not null);
        return degraded.DrainToImmutable();

        void Add(string what, bool isMissing)
        {
            if (isMissing)
            {
                degraded.Add(what);
            }
        }
    }

    // By words alone: whether Zep has to be asked is decided before the question's vector is there.
    private async Task<(ZepFindings Findings, IReadOnlyDictionary<Guid, IMemory> Others)> AskZepAsync(RecallRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!zep.IsOn || request.KnownAt is not null || _clientId == FactSubjectKey.House)
        {
            return (ZepFindings.None, ImmutableDictionary<Guid, IMemory>.Empty);
        }

        if (_session.Search(request with { K = 1 }, Question.Parse(request.Query, vector: null), new RecallFilter(request, now)) is [var best] && zep.IsGoodEnough(best.Similarity))
        {
            zep.Skipped();
            return (ZepFindings.None, ImmutableDictionary<Guid, IMemory>.Empty);
        }

        var started = time.GetTimestamp();
        var findings = await zep.AskAsync(_clientId, _zepPresence, request, cancellationToken);
        // Of a client that has more than is kept hot, Zep also finds what is not.
        if (_session.IsComplete(inThePast: false) || findings.Found.SelectMany(finding => finding.Own).Where(id => _session.Find(id) is null).ToArray() is not { Length: > 0 } ids)
        {
            return (findings, ImmutableDictionary<Guid, IMemory>.Empty);
        }

        return await zep.LoadAsync(_clientId, ids, started, cancellationToken) is { IsDefault: false } others
            ? (findings, others.ToDictionary(memory => memory.Id))
            // Without them the answer is not as good as it was to be, and not worth keeping for long.
            : (findings with { MissingBecause = "not_loaded" }, ImmutableDictionary<Guid, IMemory>.Empty);
    }

    public async Task<EventRecord?> GetEventAsync(Guid eventId, CancellationToken cancellationToken)
    {
        if (_commits is null)
        {
            _share!.Use();
            return await cache.FindEventAsync(_clientId, eventId, cancellationToken);
        }

        await ReadyAsync(cancellationToken);
        await TryCatchUpAsync(cancellationToken);
        return _session.FindEvent(eventId) ?? await store.FindAsync(_clientId, eventId, cancellationToken);
    }

    private async ValueTask<RecallAnswer?> TryAnswerColdAsync(RecallRequest request, CancellationToken cancellationToken)
    {
        _share!.Use();
        var answer = await cache.FindAnswerAsync(_clientId, request, cancellationToken);
        if (answer is not null && ++_coldAnswers >= MostColdAnswers)
        {
            StartLoading();
        }

        return answer is not null && cache.IsFailing ? WithoutCache(answer) : answer;
    }

    // The caller must not show it later as the answer of a cache that works.
    private static RecallAnswer WithoutCache(RecallAnswer answer) => answer with { Degraded = answer.Degraded.Add(SessionCache.Degraded), Tag = null };

    // Reads go on without Postgres: everything acknowledged is hot. What may be missing is a write whose outcome its
    // caller was told is unknown, and what others wrote: other programs, or other silos while this process stood still.
    private async Task<string?> TryCatchUpAsync(CancellationToken cancellationToken)
    {
        if (pauses.MayBeOld(ref _pauses))
        {
            _doubts.Raise();
        }

        if (!_doubts.AreOpen)
        {
            return null;
        }

        var told = _toldOfErasures;
        try
        {
            await _catchUp.SettleAsync(options.Value.CatchUpWait, cancellationToken);
            _settledErasures = told;
            return null;
        }
        catch (StorageUnavailableException failure) when (told == _settledErasures)
        {
            LogBehind(failure);
            return "postgres";
        }
    }

    // Vectors only improve the ranking: without them words count, and they are asked for again with the next recall.
    private async ValueTask TryTakeVectorsAsync()
    {
        if (_vectors is null)
        {
            return;
        }

        try
        {
            var taken = await _vectors.TakeAsync();
            if (taken.Count > 0)
            {
                _session.Apply(taken);
                _share!.Resize(_session.Bytes);
            }
        }
        catch (Exception failure) when (failure is StorageUnavailableException or DbException)
        {
            LogVectorsMissing(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session answers without what may have been written behind its back")]
    private partial void LogBehind(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session ranks without vectors it could not load")]
    private partial void LogVectorsMissing(Exception failure);
}
