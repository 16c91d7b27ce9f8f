using Microsoft.Extensions.Options;

namespace Actors.Clients;

/// <summary>How many exports and imports a process carries out at a time. Thread safe.</summary>
internal sealed class TransferSlots(IOptions<TransferOptions> options)
{
    private int _taken;

    /// <summary>Takes a slot until what is returned is disposed of.</summary>
    /// <exception cref="TransfersBusyException">None is free.</exception>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref _taken) > options.Value.MaxAtOnce)
        {
            Interlocked.Decrement(ref _taken);
            throw new TransfersBusyException($"{options.Value.MaxAtOnce} exports and imports are under way.");
        }

        return new Slot(this);
    }

    private sealed class Slot(TransferSlots slots) : IDisposable
    {
        private TransferSlots? _slots = slots;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _slots, null) is { } owner)
            {
                Interlocked.Decrement(ref owner._taken);
            }
        }
    }
}

/// <summary>Limits of exports and imports. Configuration section <c>Transfers</c>.</summary>
internal sealed class TransferOptions
{
    /// <summary>
    /// Most exports and imports together that a process carries out at a time, at least 1; default 2. Each holds a connection to Postgres; more
    /// get <see cref="TransfersBusyException"/>.
    /// </summary>
    public int MaxAtOnce { get; set; } = 2;

    /// <summary>After how long without a sign of its caller one is given up, positive; default 60 s.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromSeconds(60);
}
