using Actors.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>What marks what has expired, and deletes what has been kept long enough.</summary>
internal static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<RetentionOptions>().BindConfiguration("Retention").ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionValidation>();
        services.AddSingleton<RetentionMetrics>();
        services.AddSingleton<ExpiryStore>();
        return services.AddSingleton<RetentionStore>();
    }
}
