namespace Actors.Facts;

/// <summary>
/// What is known about one entity: the only writer of its facts. Key: see <see cref="FactSubjectKey"/>. Every answer comes
/// after the Postgres commit; a recall or read that starts later sees the change. <c>docs/facts.md</c> has the table of cases.
/// </summary>
/// <remarks>
/// Every method throws <see cref="Storage.StorageUnavailableException"/>, <see cref="Hosting.WritesSuspendedException"/> or
/// <see cref="Sessions.SessionBusyException"/> when nothing was written and a later repeat is safe,
/// <see cref="Storage.OutcomeUnknownException"/> when the commit's answer was lost, <see cref="FactRefusedException"/> when the
/// request breaks a rule, and <see cref="Idempotency.AlreadyAnsweredException"/> when its idempotency key was used meanwhile.
/// </remarks>
[Alias("IFactSubjectGrain")]
public interface IFactSubjectGrain : IGrainWithStringKey
{
    /// <summary>Records a new fact.</summary>
    /// <exception cref="FactKeyTakenException">Another fact holds its key at that time. Nothing was written.</exception>
    [Alias("Create")]
    Task<FactAnswer> CreateAsync(CreateFactRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Records what was found in an event, once: as a new fact, as the successor of the one it changes, or, when the subject says so already,
    /// as one more source of that fact. Source, fact and the event's <c>promoted_to_fact_id</c> are one transaction. <c>docs/promotion.md</c> has the rules.
    /// </summary>
    /// <exception cref="FactAlreadyPromotedException">It was recorded before. Nothing was written.</exception>
    /// <exception cref="FactKeyTakenException">Another fact of its key begins at that very instant. Nothing was written.</exception>
    /// <exception cref="FactRefusedException">Also <c>unknown_source</c> and <c>source_changed</c>: the event is gone, or has another content;
    /// <c>known_already</c>: it would confirm a fact, and may not.</exception>
    [Alias("Promote")]
    Task<PromotedFact> PromoteAsync(PromoteFactRequest request, CancellationToken cancellationToken);

    /// <summary>Ends a fact and records its successor.</summary>
    /// <exception cref="FactNotFoundException">This subject never had such a fact.</exception>
    /// <exception cref="FactSupersededException">It had ended before the change takes effect. Nothing was written.</exception>
    /// <exception cref="FactKeyTakenException">The successor would hold at the same time as another fact of its key.</exception>
    [Alias("Change")]
    Task<FactAnswer> ChangeAsync(ChangeFactRequest request, CancellationToken cancellationToken);

    /// <summary>Replaces a wrong belief under the same id.</summary>
    /// <exception cref="FactNotFoundException">This subject never had such a fact.</exception>
    /// <exception cref="FactSupersededException">The fact was retracted. Nothing was written.</exception>
    /// <exception cref="FactKeyTakenException">It would hold at the same time as another fact of its key, or as its own successor.</exception>
    [Alias("Correct")]
    Task<FactAnswer> CorrectAsync(CorrectFactRequest request, CancellationToken cancellationToken);

    /// <summary>Takes a fact out.</summary>
    /// <exception cref="FactNotFoundException">This subject never had such a fact.</exception>
    /// <exception cref="FactSupersededException">The fact was retracted already. Nothing was written.</exception>
    [Alias("Retract")]
    Task<FactAnswer> RetractAsync(RetractFactRequest request, CancellationToken cancellationToken);
}

/// <summary>The grain key of a subject: <c>{client or -}/{subject type}/{subject id}</c>, the type percent-encoded.</summary>
public static class FactSubjectKey
{
    /// <summary>Stands for the house in keys; no client can be called so.</summary>
    public const string House = "-";

    /// <summary>The key of a subject.</summary>
    public static string Of(FactSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return $"{subject.ClientId ?? House}/{Uri.EscapeDataString(subject.Type)}/{subject.Id}";
    }

    /// <summary>The subject a key stands for.</summary>
    /// <exception cref="ArgumentException">The text has fewer than two slashes.</exception>
    public static FactSubject Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Split('/', 3) is [var client, var type, var id]
            ? new FactSubject(client == House ? null : client, Uri.UnescapeDataString(type), id)
            : throw new ArgumentException("A subject key is {client or -}/{subject type}/{subject id}.", nameof(key));
    }
}
