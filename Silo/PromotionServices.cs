using Actors.Promotion;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Hosting;

/// <summary>What makes facts of events; the extractor comes from elsewhere.</summary>
internal static class PromotionServices
{
    public static IServiceCollection AddPromotion(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<PromotionOptions>().BindConfiguration("Promotion")
            .Validate(o => o.MaxAttempts >= 1, "Promotion:MaxAttempts must be at least 1.")
            .Validate(o => o.ClientsAtOnce >= 1, "Promotion:ClientsAtOnce must be at least 1.")
            .Validate(o => o.MaxFacts >= 1, "Promotion:MaxFacts must be at least 1.")
            .Validate(o => o.FirstDelay > TimeSpan.Zero, "Promotion:FirstDelay must be positive.")
            .Validate(o => o.LongestDelay >= o.FirstDelay, "Promotion:LongestDelay must not be shorter than Promotion:FirstDelay.")
            .ValidateOnStart();
        services.AddSingleton<PromotionMetrics>();
        services.AddSingleton<PromotionStore>();
        return services.AddSingleton<PromotionQueryStore>();
    }
}
