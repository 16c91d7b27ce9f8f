using Actors.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Embeddings;

/// <summary>See <see cref="IEmbeddingSweeperGrain"/>.</summary>
[GrainType("embedding-sweeper")]
internal sealed partial class EmbeddingSweeperGrain(IServiceProvider services, IOptions<EmbeddingsOptions> options, TimeProvider time, ILogger<EmbeddingSweeperGrain> logger)
    : Grain, IEmbeddingSweeperGrain, IRemindable
{
    private const string Sweep = "sweep";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    // A tick that has much to do makes room for others now and then, and a caller gets its answer within its time.
    private static readonly TimeSpan TickLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    private EmbeddingSweep? _sweep;
    private SweeperRuns _runs = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _runs = new SweeperRuns(time, LogBehind);
        if (options.Value.IsOn)
        {
            _sweep = new EmbeddingSweep(
                services.GetRequiredService<EmbeddingStore>(), services.GetRequiredService<EmbeddingEndpoint>(),
                services.GetRequiredService<EmbeddingMetrics>(), options.Value, logger);
            // Interleaves, since a request to the endpoint may take long.
            this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(options.Value.PollInterval, options.Value.PollInterval) { Interleave = true });
        }

        return Task.CompletedTask;
    }

    public async Task StartAsync() => await this.RegisterOrUpdateReminder(Sweep, ReminderPeriod, ReminderPeriod);

    // Keeps the activation, and so its timer, alive; the embeddings may have been turned off since it was registered.
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_sweep is not null)
        {
            _sweep.LookThroughClients();
        }
        else if (await this.GetReminder(reminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public async Task<EmbeddingProgress> SweepAsync(CancellationToken cancellationToken)
    {
        if (_sweep is null)
        {
            return new EmbeddingProgress(0, 0, null);
        }

        _sweep.LookThroughClients();
        var before = _sweep.Stored;
        var isDone = await _runs.StepAsync(_sweep.StepAsync, CallLimit, cancellationToken);
        return new EmbeddingProgress(_sweep.Stored - before, _sweep.Waiting, isDone && _sweep.Waiting > 0 ? _sweep.LastFailure?.Code() : null);
    }

    private Task TickAsync(CancellationToken cancellationToken) =>
        _runs.TickAsync(() => _runs.StepAsync(_sweep!.StepAsync, TickLimit, cancellationToken), cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Memories wait for their vectors until Postgres takes them")]
    private partial void LogBehind(Exception failure);
}
