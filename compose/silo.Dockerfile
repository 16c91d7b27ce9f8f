# A silo, and the migration job: docker build -f compose/silo.Dockerfile . in the root of the source tree.
#
# To renew: tags of https://github.com/dotnet/dotnet-docker, README.sdk.md and README.aspnet.md, the same in api.Dockerfile. The SDK's must
# be one that global.json takes, the runtime's has ICU ("extra"), which recall folds accents with.

FROM mcr.microsoft.com/dotnet/sdk:10.0.400-noble AS build
WORKDIR /source

# Orleans' own tables and queries, which Orleans ships in its repository only.
COPY sql/orleans/scripts.sha256 sql/orleans/
COPY compose/fetch-orleans-sql.sh compose/
RUN sh compose/fetch-orleans-sql.sh sql/orleans/scripts.sha256 /orleans-sql

# What packages are needed, before the sources: they change less often.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY Grains.Interfaces/Grains.Interfaces.csproj Grains.Interfaces/
COPY Grains/Grains.csproj Grains/
COPY Silo/Silo.csproj Silo/
RUN dotnet restore Silo -p:ActorHost=Orleans

COPY . .
RUN dotnet publish Silo -c Release -p:ActorHost=Orleans -p:UseAppHost=false --no-restore -o /published
# The runtime image has no shell to make a folder with.
RUN mkdir /credentials

FROM mcr.microsoft.com/dotnet/aspnet:10.0.11-noble-chiseled-extra
WORKDIR /app
ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0
COPY --from=build /published .
COPY --from=build /orleans-sql orleans-sql
# A new volume takes its owner from here.
COPY --from=build --chown=1654:1654 /credentials credentials
# The image's user "app".
USER 1654:1654
EXPOSE 11111 30000
ENTRYPOINT ["dotnet", "/app/Actors.Silo.dll"]
