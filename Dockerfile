# syntax=docker/dockerfile:1

# One image for each host: docker build --build-arg PROJECT=DiffusionMesh.Denoiser .
ARG DOTNET_VERSION=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build
ARG PROJECT
WORKDIR /source
COPY Directory.Build.props Directory.Build.targets Directory.Packages.props global.json .editorconfig ./
COPY protos/ protos/
COPY models/ models/
COPY services/ services/
ENV NUGET_PACKAGES=/packages
RUN --mount=type=cache,target=/packages \
    mkdir /data \
    && dotnet publish "services/${PROJECT}" --configuration Release -p:UpstreamFeed=true --output /app \
    && ln -s "${PROJECT}" /app/host

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION}
WORKDIR /app
COPY --from=build /app .
# Where the orchestrator keeps searches: a volume mounted here belongs to the user.
COPY --from=build --chown=1654:1654 /data /data
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
USER 1654:1654
ENTRYPOINT ["/app/host"]
