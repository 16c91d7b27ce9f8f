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
        services.AddSingleton<ChangeFeedStore>();
        services.AddSingleton<ChangeWatch>();
        return services.AddSingleton<ChangeFeed>();
    }
}
