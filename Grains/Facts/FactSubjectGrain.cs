using Actors.Secrets;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Options;

namespace Actors.Facts;

/// <summary>
/// See <see cref="IFactSubjectGrain"/>. One write at a time: a decision is made on what the write before it left, and
/// committed by the client's session, which joins it with what other subjects decide.
/// </summary>
[GrainType("fact-subject")]
internal sealed class FactSubjectGrain(FactStore store, HotClients hotClients, IOptions<FactOptions> options, SecretMask secrets, TimeProvider time)
    : Grain, IFactSubjectGrain, IHotClient, IDisposable
{
    // A conflict means that SQL was faster. That it is so again and again is no passing accident.
    private const int MaxConflicts = 50;

    private FactSubject _subject = null!;
    private HotSubject _hot = null!;
    private bool _isStale;
    private bool _isRead;
    private bool _isErasedMeanwhile;
    private TaskScheduler _turns = null!;
    private IDisposable? _membership;

    // Counted on any thread: what others changed, and how much of that was known when the subject was read.
    private int _changes;
    private int _changesRead;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _subject = FactSubjectKey.Parse(this.GetPrimaryKeyString());
        _turns = TaskScheduler.Current;
        // Before it reads: what is committed after that is told.
        _membership = hotClients.Join(_subject.ClientId ?? FactSubjectKey.House, this);
        do
        {
            _isErasedMeanwhile = false;
            await LoadAsync(cancellationToken);
        }
        while (_isErasedMeanwhile);
        _isRead = true;
    }

    void IHotClient.OnChanged() => Interlocked.Increment(ref _changes);

    void IHotClient.OnErased()
    {
        Interlocked.Increment(ref _changes);
        Task.Factory.StartNew(Forget, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns);
    }

    // Leaving while it is read would fail those who wait for that.
    private void Forget()
    {
        if (_isRead)
        {
            DeactivateOnIdle();
        }
        else
        {
            _isErasedMeanwhile = true;
        }
    }

    public void Dispose() => _membership?.Dispose();

    public Task<FactAnswer> CreateAsync(CreateFactRequest request, CancellationToken cancellationToken)
    {
        request = request with { Content = secrets.Apply(request.Content), MetadataJson = secrets.ApplyToJson(request.MetadataJson) };
        return WriteAsync(
            async moment =>
            {
                var holders = request.FactKey is { } key
                    ? await store.FindKeyAsync(
                        _subject, request.FactType, key, request.ValidFrom?.ToUniversalTime() ?? moment.Instant, cancellationToken)
                    : [];
                return FactRules.Create(request, moment, holders);
            },
            cancellationToken);
    }

    public async Task<PromotedFact> PromoteAsync(PromoteFactRequest request, CancellationToken cancellationToken)
    {
        request = request with { Content = secrets.Apply(request.Content) };
        PromotionRules.Check(request, _subject);
        var operation = FactOperation.Create;
        var answer = await WriteAsync(
            async moment =>
            {
                var retired = request.Retires is { } id ? _hot.Find(id) ?? await store.FindAsync(_subject, id, cancellationToken) : null;
                var holders = request.FactKey is { } key
                    ? await store.FindKeyAsync(_subject, request.FactType, key, request.OccurredAt.ToUniversalTime(), cancellationToken)
                    : [];
                var ending = holders.Append(retired).Where(fact => fact?.ValidFrom < request.OccurredAt).Select(fact => fact!.Id);
                var provenAt = await store.FindLatestProofAsync([.. ending], cancellationToken);
                var write = PromotionRules.Decide(request, moment, retired, holders, _hot.Believed(request.FactType), provenAt);
                operation = write.Operation;
                return write;
            },
            cancellationToken);
        return new PromotedFact(answer.Fact, operation);
    }

    public Task<FactAnswer> ChangeAsync(ChangeFactRequest request, CancellationToken cancellationToken)
    {
        request = request with { Content = secrets.Apply(request.Content), MetadataJson = request.MetadataJson is { } metadata ? secrets.ApplyToJson(metadata) : null };
        return WriteAsync(
            async moment =>
            {
                var fact = await FindAsync(request.FactId, cancellationToken);
                var at = request.EffectiveAt is { } given ? SessionRules.WholeMicroseconds(given) : moment.Instant;
                return FactRules.EnsureHolds(fact, at)
                    ? FactRules.Change(request, fact, at, moment)
                    : throw await SupersededAsync(fact, at, cancellationToken);
            },
            cancellationToken);
    }

    public Task<FactAnswer> CorrectAsync(CorrectFactRequest request, CancellationToken cancellationToken)
    {
        request = request with { Content = request.Content is { } content ? secrets.Apply(content) : null };
        return WriteAsync(
            async moment =>
            {
                var fact = await FindBelievedAsync(request.FactId, moment, cancellationToken);
                var write = FactRules.Correct(request, fact, moment);
                if (request.ValidFrom is not null || request.ValidTo is not null || request.IsOpenEnded)
                {
                    await EnsureFreeAsync(write.After!, cancellationToken);
                }

                return write;
            },
            cancellationToken);
    }

    public Task<FactAnswer> RetractAsync(RetractFactRequest request, CancellationToken cancellationToken) =>
        WriteAsync(
            async moment => FactRules.Retract(request, await FindBelievedAsync(request.FactId, moment, cancellationToken), moment),
            cancellationToken);

    private async Task<FactAnswer> WriteAsync(Func<SubjectMoment, Task<FactWrite>> decide, CancellationToken cancellationToken)
    {
        var session = GrainFactory.GetGrain<ISessionGrain>(SessionKey.Of(_subject.ClientId ?? FactSubjectKey.House));
        var isFresh = false;
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (_isStale || Volatile.Read(ref _changes) != _changesRead)
            {
                await LoadAsync(cancellationToken);
                isFresh = true;
            }

            FactWrite write;
            try
            {
                write = _hot.Linked(await decide(new SubjectMoment(_subject, _hot.Instant(time.GetUtcNow()))));
            }
            catch (Exception refusal) when (!isFresh && IsRefusal(refusal))
            {
                // A write would find out what SQL has changed meanwhile; a refusal has to look.
                _isStale = true;
                continue;
            }

            // Until its outcome is known: whatever goes wrong, the next write starts from what Postgres has.
            _isStale = true;
            try
            {
                var answer = await session.WriteFactAsync(write, cancellationToken);
                _hot.Apply(write, answer, time.GetUtcNow());
                _isStale = false;
                return answer;
            }
            catch (FactConflictException)
            {
                // Decided on what had changed meanwhile; decide again.
            }
        }

        throw new StorageUnavailableException("Other writers keep changing this subject's facts; nothing was written.");
    }

    private static bool IsRefusal(Exception failure) =>
        failure is FactSupersededException or FactRefusedException or FactNotFoundException or FactKeyTakenException;

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var changes = Volatile.Read(ref _changes);
        _hot = new HotSubject(await store.LoadAsync(_subject, options.Value.MaxHotFacts, cancellationToken), options.Value.MaxHotFacts);
        (_isStale, _changesRead) = (false, changes);
    }

    private async Task<FactRecord> FindAsync(Guid factId, CancellationToken cancellationToken) =>
        _hot.Find(factId) ?? await store.FindAsync(_subject, factId, cancellationToken) ?? throw new FactNotFoundException();

    private async Task<FactRecord> FindBelievedAsync(Guid factId, SubjectMoment moment, CancellationToken cancellationToken)
    {
        var fact = await FindAsync(factId, cancellationToken);
        return fact.RetractedAt is null ? fact : throw await SupersededAsync(fact, moment.Instant, cancellationToken);
    }

    private async Task<FactSupersededException> SupersededAsync(FactRecord fact, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var current = _hot.FindSuccessor(fact, at) ?? await store.FindSuccessorAsync(_subject, fact.Id, at, cancellationToken);
        return new FactSupersededException(current, fact.RetractedAt is not null ? "The fact was retracted."
            : current is not null ? "The fact was changed: current_fact_id has taken its place."
            : "The fact has ended, and nothing has taken its place: create a new one.");
    }

    private async Task EnsureFreeAsync(FactRecord corrected, CancellationToken cancellationToken)
    {
        var predecessor = await store.FindPredecessorAsync(_subject, corrected.Id, cancellationToken);
        var successor = corrected.SupersededBy is { } id ? await store.FindAsync(_subject, id, cancellationToken) : null;
        var holders = corrected.FactKey is { } key
            ? await store.FindKeyAsync(_subject, corrected.FactType, key, corrected.ValidFrom, cancellationToken)
            : [];
        FactRules.EnsureFree(corrected, predecessor, successor?.RetractedAt is null ? successor : null, holders);
    }
}

/// <summary>Limits of fact subjects. Configuration section <c>Facts</c>.</summary>
internal sealed class FactOptions
{
    /// <summary>Most facts a subject keeps in memory, at least 1; default 1,000: those that hold, then the latest that ended. Others are read when they are written to.</summary>
    public int MaxHotFacts { get; set; } = 1_000;
}
