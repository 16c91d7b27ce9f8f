using Actors.Caching;
using Actors.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>The cache beyond activations: in Valkey when there is an address, else in the process.</summary>
internal static class CacheServices
{
    /// <summary>The short name of Valkey's address on a command line.</summary>
    public static readonly IReadOnlyDictionary<string, string> Keys = new Dictionary<string, string> { ["--valkey"] = "ConnectionStrings:Valkey" };

    public static IServiceCollection AddSharedCache(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<ValkeyOptions>().BindConfiguration("Valkey")
            .PostConfigure<IConfiguration>((options, configuration) => options.Address ??= configuration.GetConnectionString("Valkey"))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ValkeyOptions>, ValkeyValidation>();
        services.AddSingleton<CacheMetrics>();
        services.AddSingleton<RecallMetrics>();
        // These are made only when there is an address.
        services.AddSingleton<ValkeyConnection>();
        services.AddSingleton<ValkeyQueue>();
        services.AddSingleton<ValkeyCache>();
        services.AddSingleton<ProcessCache>();
        services.AddSingleton<ISharedCache>(provider => provider.GetRequiredService<IOptions<ValkeyOptions>>().Value.IsOn
            ? provider.GetRequiredService<ValkeyCache>() : provider.GetRequiredService<ProcessCache>());
        return services.AddSingleton<SessionCache>();
    }
}
