using Actors.Changes;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Hosting;

/// <summary>The change feed, and the webhooks it is sent to.</summary>
internal static class ChangeServices
{
    public static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.AddOptions<ChangeOptions>().BindConfiguration("Changes")
            .Validate(o => o.LookInterval >= TimeSpan.FromMilliseconds(10), "Changes:LookInterval must be at least 10 ms.")
            .ValidateOnStart();
        services.AddOptions<WebhookOptions>().BindConfiguration("Webhooks")
            .Validate(o => o.BatchSize is >= 1 and <= ChangeFeedRequest.MaxLimit, $"Webhooks:BatchSize must be 1 to {ChangeFeedRequest.MaxLimit}.")
            .Validate(o => o.Timeout > TimeSpan.Zero, "Webhooks:Timeout must be positive.")
            .Validate(o => o.MaxAttempts >= 1, "Webhooks:MaxAttempts must be at least 1.")
            .Validate(o => o.FirstDelay > TimeSpan.Zero && o.LongestDelay >= o.FirstDelay, "Webhooks:FirstDelay must be positive, and LongestDelay not below it.")
            .Validate(o => o.SecretOverlap >= TimeSpan.Zero, "Webhooks:SecretOverlap must not be negative.")
            .ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookQueryStore>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<ChangeFeedStore>();
        services.AddSingleton<ChangeWatch>();
        return services.AddSingleton<ChangeFeed>();
    }
}
