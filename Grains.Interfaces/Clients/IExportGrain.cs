using System.Collections.Immutable;

namespace Actors.Clients;

/// <summary>
/// One export of one client, as of one moment: everything it has, as lines of JSON. It holds a transaction and a connection from
/// <see cref="BeginAsync"/> to <see cref="EndAsync"/>; when nobody calls it for <c>Transfers:IdleTime</c>, 60 s by default, it ends by itself.
/// Key: an id made for the export.
/// </summary>
/// <remarks>
/// Lines, each an object with the member <c>type</c>: first <c>header</c> (<c>format</c> 1, <c>client_id</c>, <c>exported_at</c>), then the
/// rows of each table, <c>type</c> its name, with its columns but the client's id, last <c>end</c> with the number of <c>rows</c> of each table.
/// Tables follow each other so that no row refers to one that comes later.
/// </remarks>
[Alias("IExportGrain")]
public interface IExportGrain : IGrainWithStringKey
{
    /// <summary>Takes the moment of the export.</summary>
    /// <exception cref="ClientNotFoundException">There is no such client.</exception>
    /// <exception cref="TransfersBusyException">Too many are under way in that process; repeat later.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [Alias("Begin")]
    Task BeginAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>The next piece.</summary>
    /// <exception cref="TransferLostException">It was not begun, or has ended: what was read before is no whole export.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached, likewise.</exception>
    [ResponseTimeout("00:05:00"), Alias("Read")]
    Task<ExportPiece> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Lets go of the transaction; to be called in any case.</summary>
    [Alias("End")]
    Task EndAsync();
}

/// <summary>A piece of an export.</summary>
/// <param name="Bytes">UTF-8, at most 1 MiB; a line may go on in the next piece.</param>
/// <param name="IsLast">Whether the export ends with it.</param>
[GenerateSerializer, Immutable, Alias("ExportPiece")]
public sealed record ExportPiece([property: Id(0)] ImmutableArray<byte> Bytes, [property: Id(1)] bool IsLast);
