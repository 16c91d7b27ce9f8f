using Actors.Extraction;
using Actors.LanguageModels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>What finds facts in memories, and the language model it shares with the planner.</summary>
internal static class ExtractionServices
{
    public static IServiceCollection AddExtraction(this IServiceCollection services)
    {
        services.AddOptions<LanguageModelOptions>().BindConfiguration("Llm").ValidateOnStart();
        services.AddSingleton<IValidateOptions<LanguageModelOptions>, LanguageModelValidation>();
        // Made only when there is a model.
        services.AddSingleton<LanguageModel>();

        services.AddMetrics();
        services.AddOptions<ExtractionOptions>().BindConfiguration("Extraction").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExtractionOptions>, ExtractionValidation>();
        services.AddSingleton<ExtractionMetrics>();
        services.AddSingleton<TokenBudget>();
        services.AddSingleton<RuleExtractor>();
        services.AddSingleton<ModelExtractor>();
        return services.AddSingleton<IFactExtractor>(provider => provider.GetRequiredService<IOptions<ExtractionOptions>>().Value.Extractor == ExtractionOptions.Llm
            ? provider.GetRequiredService<ModelExtractor>()
            : provider.GetRequiredService<RuleExtractor>());
    }
}
