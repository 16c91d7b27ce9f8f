using Actors.LanguageModels;
using Actors.Planning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>What makes and keeps plans.</summary>
internal static class PlanningServices
{
    public static IServiceCollection AddPlanning(this IServiceCollection services)
    {
        // Made only when there is a model.
        services.AddSingleton<ModelPlanWriter>();
        services.AddSingleton(provider => new PlanWriter(
            provider.GetRequiredService<IOptions<LanguageModelOptions>>().Value.IsOn ? provider.GetRequiredService<ModelPlanWriter>() : null,
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<PlanStore>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PlanningMetrics>(), provider.GetRequiredService<ILogger<PlanWriter>>()));
        services.AddMetrics();
        services.AddSingleton<PlanningMetrics>();
        services.AddSingleton<PlanStore>();
        services.AddSingleton<PlanQueryStore>();
        services.AddSingleton<PlanMaterialStore>();
        return services.AddSingleton<PlanMaterialSource>();
    }
}
