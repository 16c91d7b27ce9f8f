using System.Collections.Immutable;

namespace Actors.Zep;

/// <summary>
/// Brings Zep up to date about one client: the only writer of its user and thread there. What is to be done stands in the outbox, and is done in the
/// order of its rows. Nothing of a memory is in a request: it is read when it is sent. Key: as of the client's session,
/// <see cref="Sessions.SessionKey"/>.
/// </summary>
[Alias("IZepQueueGrain")]
public interface IZepQueueGrain : IGrainWithStringKey
{
    /// <summary>Goes through the client's rows until none is left, one has to wait, Zep fails or wants to be left alone, or some 10 s are over.</summary>
    /// <param name="limit">After so many calls it makes room for others.</param>
    /// <param name="cancellationToken">Ends it; the call that is under way is given up, and whether it was done unknown.</param>
    /// <returns>How far it came.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; what is not noted is sent again.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; what is not noted is sent again.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    [ResponseTimeout("00:02:00"), Alias("Drain")]
    Task<ZepDrain> DrainAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Sends memories that were stored just now, provided nothing of the client waits before them. At most one request's worth of them.</summary>
    /// <param name="eventIds">The memories.</param>
    /// <param name="cancellationToken">Ends it; the call that is under way is given up, and whether it was done unknown.</param>
    /// <returns>Which of them Zep has taken.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; what is not noted is sent again.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; what is not noted is sent again.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    [ResponseTimeout("00:02:00"), Alias("SendNew")]
    Task<ImmutableArray<Guid>> SendNewAsync(ImmutableArray<Guid> eventIds, CancellationToken cancellationToken);
}

/// <summary>How far a look at a client's queue came.</summary>
/// <param name="Calls">Calls it made.</param>
/// <param name="IsDone">Whether nothing of the client waits any more.</param>
/// <param name="IsStopped">Whether it makes no sense to go on at once: Zep fails or wants to be left alone, or the first row has to wait.</param>
[GenerateSerializer, Immutable, Alias("ZepDrain")]
public sealed record ZepDrain([property: Id(0)] int Calls, [property: Id(1)] bool IsDone, [property: Id(2)] bool IsStopped);
