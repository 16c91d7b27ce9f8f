namespace Actors.Runs;

/// <summary>One execution run and its only writer in the service; operators may write it by SQL too. Key: the run's id, <see cref="KeyOf"/>.</summary>
/// <remarks>
/// Every method throws <see cref="Storage.StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when
/// nothing was written and a later repeat is safe, and <see cref="Storage.OutcomeUnknownException"/> when the commit's answer was
/// lost. A cancellation token has no effect once a write was sent.
/// </remarks>
[Alias("IExecutionRunGrain")]
public interface IExecutionRunGrain : IGrainWithStringKey
{
    /// <summary>The key of a run.</summary>
    public static string KeyOf(Guid runId) => runId.ToString("D");

    /// <summary>Records the run under this grain's id.</summary>
    /// <exception cref="RunIdentifierTakenException">Another run of the client has its identifier.</exception>
    /// <exception cref="RunRefusedException">There is no such template or workflow, or it breaks a rule.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("Start")]
    Task<RunRecord> StartAsync(NewRun run, CancellationToken cancellationToken);

    /// <summary>Adds what has become known. A run that was only planned begins by it.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunEndedException">It has ended.</exception>
    /// <exception cref="RunRefusedException">Its telemetry would be too large, or it has no such step.</exception>
    [Alias("Report")]
    Task<RunRecord> ReportAsync(RunReport report, CancellationToken cancellationToken);

    /// <summary>Ends the run, and with it the memories of its scope.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunEndedException">It has ended, by another request perhaps: one of those that race wins.</exception>
    /// <exception cref="RunRefusedException">It is to be completed and its hours are not known, or as for <see cref="ReportAsync"/>.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("End")]
    Task<RunRecord> EndAsync(RunEnd ending, CancellationToken cancellationToken);
}
