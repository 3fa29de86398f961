# Read by the steps that run Pulumi, inside AzureCLI@2: signs in its provider and kubelogin with the service connection's token, which is never printed.
# shellcheck shell=bash
export ARM_USE_OIDC=true ARM_CLIENT_ID=$servicePrincipalId ARM_TENANT_ID=$tenantId ARM_OIDC_TOKEN=$idToken
export AZURE_CLIENT_ID=$servicePrincipalId AZURE_TENANT_ID=$tenantId AZURE_AUTHORITY_HOST=https://login.microsoftonline.com/
export AZURE_FEDERATED_TOKEN_FILE="$AGENT_TEMPDIRECTORY/federated-token"
(umask 077 && printf %s "$idToken" > "$AZURE_FEDERATED_TOKEN_FILE")
trap 'rm -f "$AZURE_FEDERATED_TOKEN_FILE"' EXIT
ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv)
export ARM_SUBSCRIPTION_ID
