using System.ClientModel;
using System.ClientModel.Primitives;
using Actors.Outside;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace Actors.Planning;

/// <summary>
/// The configured language model behind an OpenAI-compatible endpoint. Made only when there is one. Requests are not repeated: whoever
/// asks has not the time.
/// </summary>
internal sealed class LanguageModel : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

    private readonly HttpClient _http = new(new LimitedAnswers(new SocketsHttpHandler
    {
        // Whoever redirects would be given key and texts, and is not who was configured.
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    }));

    private readonly ChatClient _chat;
    private readonly CallRecord _record;
    private readonly TimeProvider _time;

    public LanguageModel(IOptions<LanguageModelOptions> options, TimeProvider time)
    {
        (_time, _record) = (time, new CallRecord(time));
        var o = options.Value;
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _chat = new ChatClient(o.Model, new ApiKeyCredential(o.ApiKey.Length > 0 ? o.ApiKey : "none"), new OpenAIClientOptions
        {
            Endpoint = new Uri(o.Endpoint),
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    /// <summary>What the last requests came to.</summary>
    public CallState State => _record.State;

    /// <summary>Asks for an answer of a certain shape.</summary>
    /// <param name="conversation">What was said so far.</param>
    /// <param name="schemaName">What the shape is called.</param>
    /// <param name="schema">Its JSON schema, in the subset that is known as strict.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer as it came; not every endpoint holds to the schema.</returns>
    /// <exception cref="LanguageModelException">There is no answer.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<string> AskAsync(IEnumerable<ChatMessage> conversation, string schemaName, BinaryData schema, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            var answer = await AskOnceAsync(conversation, schemaName, schema, cancellationToken);
            _record.Succeeded(_time.GetElapsedTime(started));
            return answer;
        }
        catch (LanguageModelException failure)
        {
            _record.Failed(failure.Message);
            throw;
        }
    }

    private async Task<string> AskOnceAsync(IEnumerable<ChatMessage> conversation, string schemaName, BinaryData schema, CancellationToken cancellationToken)
    {
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(schemaName, schema, jsonSchemaIsStrict: true) };
        try
        {
            ChatCompletion answer = await _chat.CompleteChatAsync(conversation, options, cancellationToken);
            return answer switch
            {
                { Refusal.Length: > 0 } or { FinishReason: ChatFinishReason.ContentFilter } => throw new LanguageModelException("The language model refused to answer."),
                { FinishReason: ChatFinishReason.Length } => throw new LanguageModelException("The language model's answer was cut off."),
                { Content: [{ Text.Length: > 0 } text, ..] } => text.Text,
                _ => throw new LanguageModelException("The language model answered nothing."),
            };
        }
        catch (ClientResultException failure) when (failure.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            throw new LanguageModelException($"The language model's answer has more than {MaxAnswerBytes} bytes.");
        }
        catch (ClientResultException failure)
        {
            throw new LanguageModelException(failure.Status == 0 ? "The language model's endpoint cannot be reached." : $"The language model's endpoint answers with status {failure.Status}.");
        }
        // The package lets whatever it stumbles over in an answer fly: it is no JSON, or lacks what it should have.
        catch (Exception failure) when (failure is not LanguageModelException && !cancellationToken.IsCancellationRequested)
        {
            throw new LanguageModelException($"The language model's answer cannot be read ({failure.GetType().Name}).");
        }
    }

    public void Dispose() => _http.Dispose();

    private sealed class LimitedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return response;
        }
    }
}
