using Actors.Changes;
using Actors.Clients;
using Actors.Embeddings;
using Actors.Idempotency;
using Actors.Promotion;
using Actors.Retention;
using Actors.Zep;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>Registers the reminders of all sweepers at every start, so that a lost one comes back.</summary>
internal sealed class SweepersAtStart(IGrainFactory grains, IOptions<EmbeddingsOptions> embeddings) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await grains.GetGrain<IIdempotencySweeperGrain>(IIdempotencySweeperGrain.Key).StartAsync();
        await grains.GetGrain<IExpirySweeperGrain>(IExpirySweeperGrain.Key).StartAsync();
        await grains.GetGrain<IRetentionSweeperGrain>(IRetentionSweeperGrain.Key).StartAsync();
        await grains.GetGrain<IWebhookSweeperGrain>(IWebhookSweeperGrain.Key).StartAsync();
        await grains.GetGrain<IErasureSweeperGrain>(IErasureSweeperGrain.Key).StartAsync();
        await grains.GetGrain<IZepSweeperGrain>(IZepSweeperGrain.Key).StartAsync();
        await grains.GetGrain<IPromotionSweeperGrain>(IPromotionSweeperGrain.Key).StartAsync();
        if (embeddings.Value.IsOn)
        {
            await grains.GetGrain<IEmbeddingSweeperGrain>(IEmbeddingSweeperGrain.Key).StartAsync();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
