using System.Collections.Immutable;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Clients;

/// <summary>See <see cref="IImportGrain"/>.</summary>
[GrainType("import")]
internal sealed partial class ImportGrain(ImportStore store, TransferSlots slots, IOptions<TransferOptions> options, ILogger<ImportGrain> logger)
    : Grain, IImportGrain, IAsyncDisposable
{
    private string _clientId = "";
    private IDisposable? _slot;
    private ClientImport? _import;
    private IGrainTimer? _idle;

    public async Task BeginAsync(string clientId, CancellationToken cancellationToken)
    {
        await DisposeAsync();
        _clientId = clientId;
        _slot = slots.Take();
        try
        {
            _import = await store.BeginAsync(clientId, cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        _idle = this.RegisterGrainTimer(_ => EndAsync(), new GrainTimerCreationOptions(options.Value.IdleTime, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    public async Task<long> AddAsync(ImmutableArray<byte> lines, CancellationToken cancellationToken)
    {
        var import = _import ?? throw new TransferLostException();
        try
        {
            var rows = await import.AddAsync(lines);
            _idle?.Change(options.Value.IdleTime, Timeout.InfiniteTimeSpan);
            return rows;
        }
        catch
        {
            // At once: the client is not to be kept locked.
            await EndAsync();
            throw;
        }
    }

    public async Task<ImportReceipt> CommitAsync(CancellationToken cancellationToken)
    {
        var import = _import ?? throw new TransferLostException();
        try
        {
            var receipt = await import.CommitAsync();
            await ShowAsync();
            return receipt;
        }
        finally
        {
            await EndAsync();
        }
    }

    public async Task EndAsync()
    {
        await DisposeAsync();
        DeactivateOnIdle();
    }

    public async ValueTask DisposeAsync()
    {
        var (slot, import, idle) = (_slot, _import, _idle);
        (_slot, _import, _idle) = (null, null, null);
        idle?.Dispose();
        if (import is not null)
        {
            await import.DisposeAsync();
        }

        slot?.Dispose();
    }

    // What is recalled from now on knows what was imported. A session that is only being read reads it all.
    private async Task ShowAsync()
    {
        try
        {
            await GrainFactory.GetGrain<ISessionGrain>(SessionKey.Of(_clientId)).CatchUpAsync(CancellationToken.None);
        }
        catch (Exception failure) when (failure is SessionLoadingException or StorageUnavailableException or TimeoutException or OrleansException)
        {
            LogNotShown(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A client was imported, and its session reads it later")]
    private partial void LogNotShown(Exception failure);
}
