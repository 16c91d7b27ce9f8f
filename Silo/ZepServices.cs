using Actors.Zep;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>The way to Zep Cloud. Without a key nothing of it does anything.</summary>
internal static class ZepServices
{
    private const string KeyVariable = "ZEP_API_KEY";

    public static IServiceCollection AddZep(this IServiceCollection services)
    {
        services.AddOptions<ZepOptions>().BindConfiguration("Zep")
            .Configure<IConfiguration>((options, configuration) => options.ApiKey = options.ApiKey.Length > 0 ? options.ApiKey : configuration[KeyVariable] ?? "")
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ZepOptions>, ZepValidation>();
        services.AddSingleton<ZepConnection>();
        services.AddSingleton<IZep, ZepClient>();
        services.AddSingleton<ZepSearchMetrics>();
        services.AddSingleton<ZepSearchStore>();
        return services.AddSingleton<ZepSearch>();
    }
}
