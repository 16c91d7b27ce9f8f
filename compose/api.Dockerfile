# The HTTP front end: docker build -f compose/api.Dockerfile . in the root of the source tree. To renew the images see silo.Dockerfile.

FROM mcr.microsoft.com/dotnet/sdk:10.0.400-noble AS build
WORKDIR /source

# What packages are needed, before the sources: they change less often.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY Grains.Interfaces/Grains.Interfaces.csproj Grains.Interfaces/
COPY Grains/Grains.csproj Grains/
COPY Silo/Silo.csproj Silo/
COPY Api/Api.csproj Api/
RUN dotnet restore Api -p:ActorHost=Orleans

COPY . .
RUN dotnet publish Api -c Release -p:ActorHost=Orleans -p:UseAppHost=false --no-restore -o /published
# The runtime image has no shell to make a folder with.
RUN mkdir /credentials

FROM mcr.microsoft.com/dotnet/aspnet:10.0.11-noble-chiseled-extra
WORKDIR /app
ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0
COPY --from=build /published .
# A new volume takes its owner from here.
COPY --from=build --chown=1654:1654 /credentials credentials
# The image's user "app".
USER 1654:1654
EXPOSE 8080
ENTRYPOINT ["dotnet", "/app/Actors.Api.dll"]
