using Microsoft.Extensions.Options;

namespace Actors.Clients;

/// <summary>See <see cref="IExportGrain"/>.</summary>
[GrainType("export")]
internal sealed class ExportGrain(ExportStore store, TransferSlots slots, IOptions<TransferOptions> options) : Grain, IExportGrain, IAsyncDisposable
{
    private IDisposable? _slot;
    private ClientExport? _export;
    private IGrainTimer? _idle;

    public async Task BeginAsync(string clientId, CancellationToken cancellationToken)
    {
        await DisposeAsync();
        _slot = slots.Take();
        try
        {
            _export = await store.BeginAsync(clientId, cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        _idle = this.RegisterGrainTimer(_ => EndAsync(), IdleFromNow());
    }

    public async Task<ExportPiece> ReadAsync(CancellationToken cancellationToken)
    {
        var export = _export ?? throw new TransferLostException();
        try
        {
            var piece = await export.ReadAsync(cancellationToken);
            _idle?.Change(options.Value.IdleTime, Timeout.InfiniteTimeSpan);
            return piece;
        }
        catch
        {
            await EndAsync();
            throw;
        }
    }

    public async Task EndAsync()
    {
        await DisposeAsync();
        DeactivateOnIdle();
    }

    public async ValueTask DisposeAsync()
    {
        var (slot, export, idle) = (_slot, _export, _idle);
        (_slot, _export, _idle) = (null, null, null);
        idle?.Dispose();
        if (export is not null)
        {
            await export.DisposeAsync();
        }

        slot?.Dispose();
    }

    private GrainTimerCreationOptions IdleFromNow() => new(options.Value.IdleTime, Timeout.InfiniteTimeSpan) { KeepAlive = true };
}
