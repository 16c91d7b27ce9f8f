using System.Collections.Immutable;

namespace Actors.Clients;

/// <summary>
/// One import of one client, from the lines that <see cref="IExportGrain"/> makes: all or nothing, in one transaction, which it holds from
/// <see cref="BeginAsync"/> to <see cref="CommitAsync"/> or <see cref="EndAsync"/>. When nobody calls it for <c>Transfers:IdleTime</c>, 60 s by
/// default, it is given up. Rows keep their ids and all their times; they belong to the client that is named here, whosever they
/// were. Key: an id made for the import.
/// </summary>
[Alias("IImportGrain")]
public interface IImportGrain : IGrainWithStringKey
{
    /// <summary>Longest line, in bytes: 16 MiB.</summary>
    public const int MaxLineBytes = 16 * 1024 * 1024;

    /// <summary>Keeps others from writing for the client until the end: they hear that storage is unavailable.</summary>
    /// <exception cref="ClientNotEmptyException">The client has something already.</exception>
    /// <exception cref="TransfersBusyException">Too many are under way in that process; repeat later.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached, or somebody is writing for the client for long.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    [Alias("Begin")]
    Task BeginAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>Takes the next lines.</summary>
    /// <param name="lines">Whole lines in UTF-8, together as long as <see cref="MaxLineBytes"/> at most.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <returns>How many rows it has taken so far.</returns>
    /// <exception cref="ImportFormatException">A line has the wrong form; the import has ended.</exception>
    /// <exception cref="ImportRefusedException">A row breaks a rule; likewise.</exception>
    /// <exception cref="TransferLostException">The import was not begun, or has ended.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; the import has ended.</exception>
    [ResponseTimeout("00:05:00"), Alias("Add")]
    Task<long> AddAsync(ImmutableArray<byte> lines, CancellationToken cancellationToken);

    /// <summary>Commits, and has the client's session look at it.</summary>
    /// <exception cref="ImportRefusedException">The last line was not the end of an export.</exception>
    /// <exception cref="TransferLostException">The import was not begun, or has ended.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing was stored.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost: look before you repeat.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; nothing was stored.</exception>
    [ResponseTimeout("00:05:00"), Alias("Commit")]
    Task<ImportReceipt> CommitAsync(CancellationToken cancellationToken);

    /// <summary>Gives up what was not committed; to be called in any case.</summary>
    [Alias("End")]
    Task EndAsync();
}

/// <summary>What was imported.</summary>
/// <param name="Rows">How many rows of each table that had any.</param>
/// <param name="Unlinked">References to workflows and process templates which this database does not have: they were left out.</param>
[GenerateSerializer, Immutable, Alias("ImportReceipt")]
public sealed record ImportReceipt([property: Id(0)] ImmutableArray<TableRows> Rows, [property: Id(1)] long Unlinked);

/// <summary>How many rows of a table.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">How many.</param>
[GenerateSerializer, Immutable, Alias("TableRows")]
public sealed record TableRows([property: Id(0)] string Table, [property: Id(1)] long Rows);
