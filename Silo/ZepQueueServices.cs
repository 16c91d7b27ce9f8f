using Actors.Zep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>What brings Zep up to date, within its budget. Without a key nothing of it does anything.</summary>
internal static class ZepQueueServices
{
    public static IServiceCollection AddZepQueue(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<ZepQueueOptions>().BindConfiguration("Zep").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ZepQueueOptions>, ZepQueueValidation>();
        services.AddSingleton<ZepMetrics>();
        services.AddSingleton<ZepBudgetStore>();
        services.AddSingleton<ZepBudget>();
        services.AddSingleton<ZepQueueStore>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<DependencyReport>();
        return services.AddSingleton(provider => new ZepGate(
            provider.GetRequiredService<IOptions<ZepOptions>>().Value.IsOn ? provider.GetRequiredService<IZep>() : null,
            provider.GetRequiredService<ZepBudget>(), provider.GetRequiredService<ZepMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ZepGate>>()));
    }
}
