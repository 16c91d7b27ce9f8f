using System.Collections.Concurrent;
using Actors.Caching;
using Actors.Embeddings;
using Actors.Outside;
using Actors.LanguageModels;
using Actors.Storage;
using Actors.Zep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Hosting;

/// <summary>How everything is that this process depends on. Thread safe.</summary>
internal sealed class DependencyReport(
    IServiceProvider services, Database database, WriteGate writes, ISharedCache cache, ZepGate zep, ZepBudget budget, OutboxStore outbox,
    IOptions<EmbeddingsOptions> embeddings, IOptions<LanguageModelOptions> model, IOptions<ZepQueueOptions> zepLimits, TimeProvider time)
{
    private static readonly TimeSpan PostgresLimit = TimeSpan.FromSeconds(2);

    // Since when those are as they are that do not remember it themselves.
    private readonly ConcurrentDictionary<string, (DependencyState State, DateTimeOffset Since)> _seen = new();

    public async Task<HealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        var postgres = await PostgresAsync(cancellationToken);
        var zepHealth = zep.IsOn && postgres.State == DependencyState.Ok ? await ZepAsync(cancellationToken) : null;
        return new HealthReport(
            [
                postgres,
                Hosting(),
                Seen(ValkeyCache.Name, cache.Tier != ValkeyCache.Name ? DependencyState.Off : cache.IsFailing ? DependencyState.Failing : DependencyState.Ok),
                Of("embeddings", embeddings.Value.IsOn ? services.GetRequiredService<EmbeddingEndpoint>().State : null),
                Of("llm", model.Value.IsOn ? services.GetRequiredService<LanguageModel>().State : null),
                Zep(zepHealth),
            ],
            zepHealth);
    }

    private async Task<DependencyHealth> PostgresAsync(CancellationToken cancellationToken)
    {
        const string Name = "postgres";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PostgresLimit);
        var started = time.GetTimestamp();
        try
        {
            await database.ReadAsync(
                async connection =>
                {
                    await using var probe = new NpgsqlCommand("select 1", connection);
                    return await probe.ExecuteScalarAsync(limit.Token);
                },
                limit.Token);
            return Seen(Name, DependencyState.Ok, latency: time.GetElapsedTime(started));
        }
        catch (StorageUnavailableException failure)
        {
            return Seen(Name, DependencyState.Failing, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Seen(Name, DependencyState.Failing, "Postgres does not answer.");
        }
    }

    private DependencyHealth Hosting()
    {
        const string Name = "hosting";
        try
        {
            writes.EnsureOpen();
            return Seen(Name, DependencyState.Ok);
        }
        catch (WritesSuspendedException failure)
        {
            return Seen(Name, DependencyState.Failing, failure.Message);
        }
    }

    private async Task<ZepHealth?> ZepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var left = await budget.ReadAsync(cancellationToken);
            var rows = await outbox.ReadStateAsync(cancellationToken);
            return new ZepHealth(
                left.PerMinute, left.MinuteLeft, left.MinuteEndsAt, left.DayCalls, left.DayShare, left.MonthCalls, zepLimits.Value.MonthlyCalls, left.PausedUntil,
                left.PauseReason, rows.Waiting, rows.OldestAt, rows.Failed);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }

    private DependencyHealth Zep(ZepHealth? health)
    {
        var own = Of("zep", zep.IsOn ? zep.State : null);
        var pause = health?.PauseReason ?? (health is { DayShare: { } share } && health.DayCalls >= share ? "day" : null);
        return pause is not null && own.State != DependencyState.Failing ? own with { State = DependencyState.Paused, Detail = pause } : own;
    }

    private static DependencyHealth Of(string name, CallState? state) => state is null
        ? new DependencyHealth(name, DependencyState.Off, null, null, null)
        : new DependencyHealth(
            name, state.IsWell is { } isWell ? isWell ? DependencyState.Ok : DependencyState.Failing : DependencyState.Unknown, state.Since,
            state.Latency?.TotalMilliseconds, state.Why);

    private DependencyHealth Seen(string name, DependencyState state, string? detail = null, TimeSpan? latency = null)
    {
        var now = time.GetUtcNow();
        var seen = _seen.AddOrUpdate(name, _ => (state, now), (_, known) => known.State == state ? known : (state, now));
        return new DependencyHealth(name, state, state == DependencyState.Off ? null : seen.Since, latency?.TotalMilliseconds, detail);
    }
}
